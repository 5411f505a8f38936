-- One row for each order that a discount was used for, written in the order's transaction: what is counted is what was used.
create table checkout.discount_uses (
    discount_id text collate "C" not null,
    session_id text collate "C" not null references checkout.sessions (id),
    used_at timestamptz not null,
    primary key (discount_id, session_id)
);
