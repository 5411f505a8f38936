create schema if not exists bot_detection;

-- One row for each thing that every gateway holds in memory: a change counts its version up, and whoever changes it holds the row.
create table bot_detection.versions (
    name text primary key,
    version bigint not null
);

insert into bot_detection.versions (name, version) values ('lanes', 0), ('rules', 0);

-- Every lane policy that staff ever set; the newest is in force. Before the first, the configuration's is.
create table bot_detection.lane_policies (
    version bigint primary key,
    policy jsonb not null,
    at timestamptz not null,
    actor text not null
);

create table bot_detection.rules (
    id text primary key,
    name text not null,
    condition jsonb not null,
    lane text not null,
    mode text not null check (mode in ('shadow', 'enabled', 'disabled')),
    version bigint not null,
    created_at timestamptz not null,
    created_by text not null,
    changed_at timestamptz not null,
    changed_by text not null
);
