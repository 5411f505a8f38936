create schema if not exists negotiation;

-- The current state of each negotiation; its history is the stream of the same id in common.events.
create table negotiation.negotiations (
    id text collate "C" primary key,
    grant_id text not null,
    client_id text not null,
    person text not null,
    product bigint not null,
    product_name text not null,
    quantity int not null check (quantity > 0),
    currency text not null,
    state text not null check (state in ('open', 'countered', 'agreed', 'ended')),
    round int not null,
    -- Minor units a piece. The floor is for staff only and no answer to an agent holds it.
    list_price bigint not null,
    floor_price bigint not null check (floor_price <= list_price),
    -- Our offer that stands, and its price; never below the floor.
    offer_id text collate "C" not null,
    offer_price bigint not null check (offer_price >= floor_price),
    deadline timestamptz not null,
    created_at timestamptz not null,
    quote_id text collate "C"
);

create index negotiations_created_at on negotiation.negotiations (created_at desc, id desc);

-- Agreed terms that bind the merchant until they expire; each is redeemed by one order at most.
create table negotiation.quotes (
    id text collate "C" primary key,
    negotiation_id text collate "C" not null unique references negotiation.negotiations (id),
    grant_id text not null,
    product bigint not null,
    quantity int not null,
    unit_price bigint not null,
    list_price bigint not null,
    currency text not null,
    terms_hash text not null,
    expires_at timestamptz not null,
    redeemed_by text collate "C"
);
