-- What an agent gathers before it buys: no status and no payment, and prices that bind nobody.
create table checkout.carts (
    id text collate "C" primary key,
    grant_id text not null,
    client_id text not null,
    person text,
    currency text not null,
    document jsonb not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    is_test boolean not null default false
);

create index carts_by_expiry on checkout.carts (expires_at);
