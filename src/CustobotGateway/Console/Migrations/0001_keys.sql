create schema if not exists console;

-- The keys that protect staff sessions and forms, shared by all gateways on the database: a session that one of them opened holds
-- on the others and after a restart.
create table console.protection_keys (
    name text primary key,
    xml text not null,
    created_at timestamptz not null default now()
);
