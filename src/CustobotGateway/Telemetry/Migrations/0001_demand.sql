create schema if not exists telemetry;

-- How far the events have been followed (EventReader): one row for each follower.
create table telemetry.followers (
    name text primary key,
    from_snapshot text not null,
    until_snapshot text,
    position bigint not null
);

-- What was asked for and bought. One row for each product of an event, written in the transaction that moves the follower on, so
-- that each event counts once. Numbers are given out by one follower at a time and therefore grow in the order of commits.
create table telemetry.demand_events (
    number bigint generated always as identity primary key,
    type text not null,
    product_id text not null,
    quantity bigint not null check (quantity > 0),
    amount bigint not null,
    currency text not null,
    -- The act that shows the demand: an order or a negotiation.
    source text not null,
    at timestamptz not null,
    recorded_at timestamptz not null
);
