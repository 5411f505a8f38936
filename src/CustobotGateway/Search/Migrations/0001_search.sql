create schema if not exists search;

-- The key that authenticates page cursors: one for all gateways on this database, made by the first that starts.
create table search.keys (
    name text primary key,
    secret bytea not null,
    created_at timestamptz not null default now()
);
