-- Questions and disputes after a purchase.
create table checkout.cases (
    id text collate "C" primary key,
    order_id text collate "C" not null references checkout.orders (id),
    grant_id text not null,
    client_id text not null,
    person text not null,
    kind text not null,
    -- The words that led to the kind; null where the caller named it.
    matched text[],
    subject text not null,
    text text not null,
    state text not null check (state in ('open', 'answered', 'escalated', 'closed')),
    proposals jsonb not null,
    -- What the person of the staff was given when it was escalated.
    summary jsonb,
    resolution jsonb,
    actor text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    escalated_at timestamptz,
    closed_at timestamptz,
    is_test boolean not null default false
);

create index cases_of_order on checkout.cases (order_id, id);
create index cases_of_grant on checkout.cases (grant_id, id desc);
create index cases_in_state on checkout.cases (state, id desc);

create table checkout.case_messages (
    id text collate "C" primary key,
    case_id text collate "C" not null references checkout.cases (id),
    author text not null,
    role text not null check (role in ('agent', 'staff')),
    text text not null,
    at timestamptz not null
);

create index messages_of_case on checkout.case_messages (case_id, id);
