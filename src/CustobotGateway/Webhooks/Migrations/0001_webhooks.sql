create schema if not exists webhooks;

-- Who wants to be told of what. Without a client it is the merchant's; with a grant it is told of that grant's events alone.
create table webhooks.endpoints (
    id text collate "C" primary key,
    client_id text,
    grant_id text,
    url text not null,
    events text[] not null,
    description text,
    enabled boolean not null default true,
    disabled_reason text,
    -- Sealed by data protection: they have to be read again, to sign with them.
    secret bytea not null,
    old_secret bytea,
    old_secret_until timestamptz,
    -- Since when nothing arrived; null where the last attempt did.
    failing_since timestamptz,
    -- What happened up to here was before there was an endpoint.
    since_position bigint not null,
    created_at timestamptz not null,
    is_test boolean not null default false
);

create index endpoints_client on webhooks.endpoints (client_id, grant_id);
create index endpoints_grant on webhooks.endpoints (grant_id) where grant_id is not null;

-- What is to be told to whom. Numbers are given out in the order in which things happened.
create table webhooks.deliveries (
    number bigint generated always as identity primary key,
    endpoint_id text collate "C" not null references webhooks.endpoints on delete cascade,
    stream text collate "C" not null,
    type text not null,
    body text not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'dead_letter')),
    -- Since it was last put into the queue; the log goes further back.
    attempts int not null default 0,
    log jsonb not null default '[]',
    created_at timestamptz not null,
    delivered_at timestamptz
);

create index deliveries_pending on webhooks.deliveries (endpoint_id, stream, number) where state = 'pending';
create index deliveries_dead on webhooks.deliveries (endpoint_id, number) where state = 'dead_letter';
create index deliveries_endpoint on webhooks.deliveries (endpoint_id, number);
create index deliveries_done on webhooks.deliveries (created_at) where state <> 'pending';

-- One row for each stream of an endpoint of which something is pending. Who holds its lease sends its deliveries, one after another.
create table webhooks.queues (
    endpoint_id text collate "C" not null references webhooks.endpoints on delete cascade,
    stream text collate "C" not null,
    -- By the gateways' clock; the lease is by the database's.
    due_at timestamptz not null,
    lease uuid,
    leased_until timestamptz,
    primary key (endpoint_id, stream)
);

create index queues_due on webhooks.queues (endpoint_id, due_at);

-- How far the events have been followed (EventReader).
create table webhooks.followers (
    name text primary key,
    from_snapshot text not null,
    until_snapshot text,
    position bigint not null
);
