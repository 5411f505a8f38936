-- What access tokens are refused for before they expire. Tokens are not stored: each gateway holds these rows in memory and asks them
-- for every token, so that a revocation reaches tokens that were validated long ago.
create table identity.revocations (
    -- 1 a grant, 2 one token, 3 a client, 4 a person. Of clients and persons, tokens issued up to revoked_at are meant, of the others all.
    kind smallint not null check (kind between 1 and 4),
    id text collate "C" not null,
    revoked_at timestamptz not null,
    -- When no token can be left that it means.
    expires_at timestamptz not null,
    -- Sequences commit out of order; a reader goes on from the snapshot that it saw.
    change_xid xid8 not null default pg_current_xact_id(),
    primary key (kind, id)
);
create index revocations_by_change on identity.revocations (change_xid);
create index revocations_by_expiry on identity.revocations (expires_at);

-- Secrets that the gateways of one database share, sealed by the data protection keys that they share already.
create table identity.shared_secrets (
    name text collate "C" primary key,
    sealed bytea not null,
    created_at timestamptz not null
);
