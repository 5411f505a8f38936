create schema if not exists botdetection;

-- One row for each thing that every gateway holds in memory: a change counts its version up, and whoever changes it holds the row.
create table botdetection.versions (
    name text primary key,
    version bigint not null
);

insert into botdetection.versions (name, version) values ('lanes', 0), ('rules', 0), ('labelled_rows', 0);

-- Every lane policy that staff ever set; the newest is in force. Before the first, the configuration's is.
create table botdetection.lane_policies (
    version bigint primary key,
    policy jsonb not null,
    at timestamptz not null,
    actor text not null
);

create table botdetection.rules (
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

-- Requests whose callers are known, judged when they were loaded: previews of rules tell false positives by them.
create table botdetection.labelled_rows (
    id text primary key,
    label text not null check (label in ('human', 'automation', 'declared_bot', 'verified_agent')),
    class text not null,
    score smallint not null,
    operator text,
    declared_as text,
    bad_signature boolean not null,
    reasons text[] not null,
    "group" text not null,
    user_agent text,
    path text not null
);
