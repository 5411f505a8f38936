create schema if not exists common;

-- What happened, append only. A stream is one aggregate's history (a grant, a negotiation, an order); its state row lives with the
-- module that owns it and is written in the same transaction.
create table common.events (
    -- Unique and growing, but not in the order of commits: readers go by xid (EventReader), never by position alone.
    position bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    stream text collate "C" not null,
    version int not null check (version > 0),
    type text not null,
    actor text not null,
    at timestamptz not null,
    trace_id text,
    data jsonb not null,
    -- SHA-256 over the previous hash and this event in canonical JSON (EventChain), so that a copy can be verified offline.
    previous_hash bytea,
    hash bytea not null,
    unique (stream, version)
);

create index events_xid on common.events (xid);

create function common.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'Events are append only.';
end
$$;

create trigger events_append_only before update or delete or truncate on common.events
    for each statement execute function common.refuse_change();
