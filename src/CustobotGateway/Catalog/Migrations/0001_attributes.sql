create schema if not exists catalog;

-- The attribute registry, in the order of registration. Ordinals are indexes into the search index's columns, so they have no gaps
-- and are never given again: no row is ever deleted.
create table catalog.attributes (
    ordinal int primary key check (ordinal >= 0),
    key text collate "C" not null unique,
    definition jsonb not null,
    -- 'builtin', 'file' (--registry) or 'api'; a file's later definition replaces only what came from files.
    source text not null check (source in ('builtin', 'file', 'api')),
    -- Counts the changes of the whole registry; written under a lock on this table, so that the highest one names its state.
    revision bigint not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index attributes_revision on catalog.attributes (revision desc);
