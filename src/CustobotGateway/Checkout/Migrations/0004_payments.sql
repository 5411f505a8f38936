-- A session passes through more states than ready and completed.
alter table checkout.sessions drop constraint sessions_status_check;
alter table checkout.sessions add constraint sessions_status_check check (status in
    ('incomplete', 'requires_escalation', 'ready_for_complete', 'complete_in_progress', 'completed', 'canceled'));

alter table checkout.sessions add column if not exists client_id text;
alter table checkout.sessions add column if not exists person text;
-- The whole snapshot that an order keeps.
alter table checkout.sessions add column if not exists document jsonb;
-- What a person has to do, and where, while the session requires_escalation.
alter table checkout.sessions add column if not exists escalation jsonb;
alter table checkout.sessions add column if not exists is_test boolean not null default false;

alter table checkout.orders add column if not exists document jsonb;
alter table checkout.orders add column if not exists caller jsonb;
alter table checkout.orders add column if not exists is_test boolean not null default false;

-- One attempt to pay a session: written before the provider is asked, so that whoever finds it later can ask what became of it.
alter table checkout.payments rename to captured_before;
alter table checkout.captured_before drop constraint payments_pkey;
alter table checkout.captured_before drop constraint payments_reference_key;

create table checkout.payments (
    id text collate "C" primary key,
    session_id text collate "C" not null references checkout.sessions (id),
    order_id text collate "C" unique references checkout.orders (id),
    grant_id text not null,
    client_id text not null,
    person text,
    handler text not null,
    state text not null check (state in ('pending', 'requires_action', 'authorised', 'captured', 'voiding', 'voided', 'declined')),
    amount bigint not null check (amount > 0),
    currency text not null,
    reference text,
    captured bigint not null default 0 check (captured between 0 and amount),
    refunded bigint not null default 0 check (refunded between 0 and captured),
    decline_code text,
    action_url text,
    -- The request that began it, so that its repetition gets the one true answer.
    idempotency_key text,
    request_hash bytea not null default '',
    caller jsonb,
    -- Who works on it: an attempt that has been taken over writes nothing more.
    attempt int not null default 1,
    leased_until timestamptz not null,
    created_at timestamptz not null,
    settled_at timestamptz,
    is_test boolean not null default false
);

insert into checkout.payments (id, session_id, order_id, grant_id, client_id, person, handler, state, amount, currency, reference, captured, leased_until, created_at, settled_at)
select 'pay_' || substr(o.id, 5), o.session_id, o.id, o.grant_id, o.client_id, o.person, p.handler, 'captured', p.amount, o.currency, p.reference, p.amount, p.captured_at, p.captured_at, p.captured_at
from checkout.captured_before p join checkout.orders o on o.id = p.order_id;

drop table checkout.captured_before;

-- A session is being paid, or was paid, by one payment at a time.
create unique index payments_of_session on checkout.payments (session_id) where state in ('pending', 'requires_action', 'authorised', 'captured');
create index payments_unsettled on checkout.payments (leased_until) where state in ('pending', 'requires_action', 'authorised', 'voiding');
