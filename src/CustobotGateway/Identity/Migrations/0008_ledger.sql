-- A paused grant reads and neither bargains nor buys.
alter table identity.grants add column paused_at timestamptz;
-- Where the days, weeks and months of its mandates begin (IANA).
alter table identity.grants add column time_zone text not null default 'UTC';

alter table identity.ledger rename to ledger_before;
alter table identity.ledger_before rename constraint ledger_pkey to ledger_before_pkey;

-- The budget's movements: rows are added and never changed. What remains is derived from them in the transaction that spends it, under the lock of the grant's row.
create table identity.ledger (
    id bigint generated always as identity primary key,
    grant_id text collate "C" not null references identity.grants (id),
    -- Budgets of several mandates are never summed.
    mandate_id text collate "C" not null,
    -- What the money is for: the checkout session's id.
    reservation text collate "C" not null,
    -- authorise holds an amount until it expires, commit says that it was paid, release gives an unpaid amount back, refund a paid one.
    entry text not null check (entry in ('authorise', 'commit', 'release', 'refund')),
    amount bigint not null check (amount > 0),
    currency text not null,
    -- Never earlier than the mandate's row before it, whatever the clocks of the gateways say.
    at timestamptz not null,
    expires_at timestamptz,
    -- The refund's own id, and when what it gives back was paid: it returns to the period of its purchase.
    refund text collate "C",
    paid_at timestamptz,
    -- All that was paid, refunded and ordered under the mandate up to this row, so that nobody has to add up a long history.
    paid bigint not null,
    refunded bigint not null,
    orders int not null,
    check ((entry = 'authorise') = (expires_at is not null)),
    check ((entry = 'refund') = (refund is not null) and (entry = 'refund') = (paid_at is not null))
);

insert into identity.ledger (grant_id, mandate_id, reservation, entry, amount, currency, at, expires_at, paid, refunded, orders)
select l.grant_id, m.id, l.reservation, l.entry, l.amount, m.currency, l.at, case when l.entry = 'authorise' then l.at end,
       sum(case when l.entry = 'commit' then l.amount else 0 end) over past, 0, count(*) filter (where l.entry = 'commit') over past
from identity.ledger_before l
join identity.grants g on g.id = l.grant_id
cross join lateral (select coalesce(g.details->0->>'mandate_id', g.id) as id, coalesce(g.mandate->>'currency', g.details->0->>'currency') as currency) m
window past as (partition by l.grant_id order by l.at, l.reservation, l.entry)
order by l.at, l.reservation, l.entry;

drop table identity.ledger_before;

create unique index ledger_pays_once on identity.ledger (grant_id, reservation) where entry = 'commit';
create unique index ledger_refunds_once on identity.ledger (grant_id, reservation, refund) where entry = 'refund';
create index ledger_of_reservation on identity.ledger (grant_id, reservation, id);
create index ledger_of_mandate on identity.ledger (grant_id, mandate_id, at, id);
create index ledger_refunds_of_mandate on identity.ledger (grant_id, mandate_id, paid_at) where entry = 'refund';

-- What is held and neither paid nor released: the rows of the ledger that still count although nothing was paid. One that has expired counts no more, whether
-- anybody takes it away or not.
create table identity.holds (
    grant_id text collate "C" not null references identity.grants (id),
    reservation text collate "C" not null,
    mandate_id text collate "C" not null,
    amount bigint not null check (amount > 0),
    currency text not null,
    -- SHA-256 of the offer that it is held for.
    offer bytea not null,
    -- The approval that was used for it; null where none was needed.
    approval_id text collate "C",
    held_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (grant_id, reservation)
);
