-- Keys of payment providers that the administrator set by the API, sealed by data protection.
create table checkout.payment_keys (
    handler text primary key,
    sealed bytea not null,
    updated_at timestamptz not null
);
