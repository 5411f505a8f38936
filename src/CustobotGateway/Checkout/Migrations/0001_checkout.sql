create schema if not exists checkout;

-- What an agent is about to buy, at the prices that were shown to it. They hold until the session expires.
create table checkout.sessions (
    id text collate "C" primary key,
    grant_id text not null,
    status text not null check (status in ('ready_for_complete', 'completed')),
    currency text not null,
    line_items jsonb not null,
    quote_id text,
    total bigint not null check (total > 0),
    expires_at timestamptz not null,
    created_at timestamptz not null,
    order_id text collate "C"
);

-- An order is a snapshot: later changes of products, prices or grants do not reach it.
create table checkout.orders (
    id text collate "C" primary key,
    session_id text collate "C" not null unique references checkout.sessions (id),
    grant_id text not null,
    client_id text not null,
    person text not null,
    currency text not null,
    line_items jsonb not null,
    total bigint not null check (total > 0),
    placed_at timestamptz not null
);

create index orders_placed_at on checkout.orders (placed_at desc, id desc);

-- What a provider took. No card and no token is kept, only the provider's own reference.
create table checkout.payments (
    order_id text collate "C" primary key references checkout.orders (id),
    handler text not null,
    reference text not null unique,
    amount bigint not null check (amount > 0),
    captured_at timestamptz not null
);
