create schema if not exists identity;

-- What a person delegated to a client. The token itself is nowhere: only its SHA-256 is kept.
create table identity.grants (
    id text collate "C" primary key,
    client_id text not null,
    person text not null,
    -- The purchase mandate as it was granted (RFC 9396 authorization details).
    mandate jsonb not null,
    token_hash bytea not null unique,
    created_at timestamptz not null,
    revoked_at timestamptz
);

-- The budget's movements. What remains is derived from these rows and never stored, so that no transaction can act on a balance
-- that another one is changing: who authorises locks the grant's row first.
create table identity.ledger (
    grant_id text collate "C" not null references identity.grants (id),
    -- What the money is for: the checkout session's id.
    reservation text not null,
    -- authorise holds an amount, commit says that it was paid, release gives an unpaid amount back.
    entry text not null check (entry in ('authorise', 'commit', 'release')),
    amount bigint not null check (amount > 0),
    at timestamptz not null,
    -- Each movement of a reservation happens once.
    primary key (grant_id, reservation, entry)
);
