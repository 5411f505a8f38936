-- The first answer to each write that carried an Idempotency-Key, stored in the write's own transaction.
create table common.idempotency (
    principal text not null,
    path text not null,
    key text not null,
    -- SHA-256 of the request in canonical JSON: members in another order, or other white space, are the same request.
    request_hash bytea not null,
    -- Exactly one of the two.
    answer jsonb,
    problem jsonb,
    created_at timestamptz not null,
    primary key (principal, path, key),
    check ((answer is null) <> (problem is null))
);

create index idempotency_created_at on common.idempotency (created_at);
