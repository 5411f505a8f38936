-- What the built-in sandbox holds, charges and gives back: a provider's own books, which the gateway's tables do not refer to. No token is kept.
create table checkout.sandbox_payments (
    id text collate "C" primary key,
    document jsonb not null,
    version int not null
);

-- Test cards that were made tokens: the token's hash, the brand and the last four digits. No number is kept.
create table checkout.sandbox_tokens (
    hash bytea primary key,
    brand text not null,
    last_four text not null check (length(last_four) = 4),
    means jsonb not null,
    expires_at timestamptz not null,
    used_by text collate "C"
);

create index sandbox_tokens_expire on checkout.sandbox_tokens (expires_at);

-- Who may buy on account, and for how much at once. What is used is what is held and not yet given back or paid; it never passes the limit.
create table checkout.credit_accounts (
    account text collate "C" not null,
    currency text not null,
    is_test boolean not null default false,
    credit_limit bigint not null check (credit_limit >= 0),
    used bigint not null default 0 check (used >= 0),
    net_days int not null check (net_days between 0 and 365),
    updated_at timestamptz not null,
    primary key (account, currency, is_test)
);

-- Invoices are numbered without gaps within a year: the number is taken in the transaction that writes the invoice.
create table checkout.invoice_years (
    year int not null,
    is_test boolean not null,
    last bigint not null,
    primary key (year, is_test)
);

create table checkout.invoice_payments (
    payment_id text collate "C" primary key,
    account text collate "C" not null,
    currency text not null,
    is_test boolean not null,
    session_id text collate "C" not null,
    purchase_order text not null,
    state text not null check (state in ('authorised', 'captured', 'voided', 'declined')),
    decline_code text,
    amount bigint not null check (amount >= 0),
    captured bigint not null default 0 check (captured between 0 and amount),
    refunded bigint not null default 0 check (refunded between 0 and captured),
    created_at timestamptz not null
);

create table checkout.invoices (
    number text collate "C" primary key,
    payment_id text collate "C" not null unique references checkout.invoice_payments (payment_id),
    account text collate "C" not null,
    currency text not null,
    is_test boolean not null,
    session_id text collate "C" not null,
    purchase_order text not null,
    amount bigint not null check (amount > 0),
    credited bigint not null default 0 check (credited between 0 and amount),
    issued_at timestamptz not null,
    due_at timestamptz not null,
    paid_at timestamptz
);

create index invoices_of_account on checkout.invoices (account, number);

create table checkout.invoice_refunds (
    refund_id text collate "C" primary key,
    payment_id text collate "C" not null references checkout.invoice_payments (payment_id),
    amount bigint not null check (amount > 0),
    made_at timestamptz not null
);

-- Permission to charge once, within an allowance. The token is kept as a hash; the provider's token lies sealed until the payment is charged or the time is over.
create table checkout.payment_tokens (
    id text collate "C" primary key,
    hash bytea not null unique,
    client_id text not null,
    person text,
    handler text not null,
    sealed bytea,
    max_amount bigint not null check (max_amount > 0),
    currency text not null,
    checkout_session_id text collate "C" not null,
    merchant_id text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null,
    used_by text collate "C",
    used_at timestamptz,
    charged_at timestamptz,
    revoked_at timestamptz,
    is_test boolean not null default false
);

create index payment_tokens_of_owner on checkout.payment_tokens (client_id, person, id);
create index payment_tokens_sealed on checkout.payment_tokens (expires_at) where sealed is not null;
create index payment_tokens_used on checkout.payment_tokens (used_by) where used_by is not null;
