-- As in 0008, for what is here to stand on its own.
alter table identity.grants add column if not exists paused_at timestamptz;
alter table identity.grants add column if not exists time_zone text not null default 'UTC';

-- What the person would rather have; null where nothing was said.
alter table identity.grants add column preferences jsonb;

-- A person's grants, newest first: ids begin with the time.
create index grants_of_person on identity.grants (person, id);

-- Purchases above a mandate's threshold, each bound to one offer by its hash and good for one purchase.
create table identity.approvals (
    id text collate "C" primary key,
    grant_id text collate "C" not null references identity.grants (id),
    mandate_id text not null,
    reservation text not null,
    offer_hash bytea not null,
    offer jsonb not null,
    amount bigint not null check (amount > 0),
    currency text not null,
    -- One that was not decided or not used before expires_at has expired, whatever stands here.
    state text not null check (state in ('pending', 'approved', 'denied', 'used', 'void', 'expired')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    decided_at timestamptz,
    decided_by text,
    voided_for text check (voided_for in ('offer_changed', 'grant_revoked', 'session_ended')),
    check ((state = 'void') = (voided_for is not null))
);

-- Of a reservation one offer at most can be bought.
create unique index approvals_open on identity.approvals (grant_id, reservation) where state in ('pending', 'approved');
create index approvals_of_grant on identity.approvals (grant_id, id);
