-- The whole snapshot that an order copies from its session, and what the caller was taken for when it bought.
alter table checkout.orders add column if not exists document jsonb;
alter table checkout.orders add column if not exists caller jsonb;
alter table checkout.orders add column if not exists is_test boolean not null default false;

create index if not exists orders_of_grant on checkout.orders (grant_id, id desc);
create index if not exists orders_of_person on checkout.orders (person, id desc);

-- How many of a line were shipped, recalled, delivered, canceled, returned or refunded, by which act. What a line stands at is the sum of these: nothing is
-- ever changed, and whoever adds some holds the order's row.
create table checkout.line_acts (
    order_id text collate "C" not null references checkout.orders (id),
    line_id text not null,
    act text not null check (act in ('shipped', 'recalled', 'delivered', 'canceled', 'returned', 'refunded', 'refund_failed')),
    quantity int not null check (quantity > 0),
    act_id text collate "C" not null,
    primary key (order_id, act_id, act, line_id)
);

create table checkout.shipments (
    id text collate "C" primary key,
    order_id text collate "C" not null references checkout.orders (id),
    external_id text,
    carrier text,
    tracking_number text,
    tracking_url text,
    promised_from timestamptz,
    promised_until timestamptz,
    state text not null check (state in ('shipped', 'in_transit', 'out_for_delivery', 'failed_attempt', 'undeliverable', 'delivered', 'returned_to_sender', 'canceled')),
    delivered_at timestamptz,
    created_at timestamptz not null,
    actor text not null,
    is_test boolean not null default false,
    unique (order_id, external_id)
);

create index shipments_of_order on checkout.shipments (order_id, id);

-- What became of a shipment; append only.
create table checkout.shipment_events (
    id text collate "C" primary key,
    shipment_id text collate "C" not null references checkout.shipments (id),
    order_id text collate "C" not null references checkout.orders (id),
    type text not null,
    description text,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null
);

create index shipment_events_of_order on checkout.shipment_events (order_id, id);

create table checkout.cancellations (
    id text collate "C" primary key,
    order_id text collate "C" not null references checkout.orders (id),
    reason text not null,
    comment text,
    actor text not null,
    at timestamptz not null,
    -- The digest of the request's idempotency key, so that a request that was cut off goes on with what it had done.
    request_key text,
    is_test boolean not null default false,
    unique (order_id, request_key)
);

-- Money that goes back. The row is there before the provider is asked: what is pending counts against what was charged, so that two refunds never give back
-- more than that. Its id is the provider's idempotency key.
create table checkout.refunds (
    id text collate "C" primary key,
    order_id text collate "C" not null references checkout.orders (id),
    payment_id text collate "C" not null,
    external_id text,
    -- A payment that was not charged yet is given up as a whole.
    kind text not null check (kind in ('refund', 'void')),
    state text not null check (state in ('pending', 'completed', 'failed')),
    amount bigint not null check (amount > 0),
    currency text not null,
    reason text not null,
    comment text,
    cause text not null check (cause in ('refund', 'cancellation', 'return')),
    cause_id text collate "C",
    failure text,
    actor text not null,
    created_at timestamptz not null,
    settled_at timestamptz,
    attempt int not null default 0,
    leased_until timestamptz,
    request_key text,
    is_test boolean not null default false,
    unique (order_id, external_id),
    unique (order_id, request_key)
);

create index refunds_pending on checkout.refunds (leased_until nulls first) where state = 'pending';

create table checkout.returns (
    id text collate "C" primary key,
    order_id text collate "C" not null references checkout.orders (id),
    grant_id text not null,
    state text not null check (state in ('requested', 'approved', 'refused', 'received')),
    reason text not null,
    comment text,
    -- What was decided, by whom, with which reasons.
    decision jsonb not null,
    deadline timestamptz,
    expected_refund bigint not null check (expected_refund >= 0),
    currency text not null,
    actor text not null,
    created_at timestamptz not null,
    decided_at timestamptz,
    received_at timestamptz,
    request_key text,
    is_test boolean not null default false,
    unique (order_id, request_key)
);

create index returns_of_order on checkout.returns (order_id, id);
create index returns_waiting on checkout.returns (id desc) where state in ('requested', 'approved');

create table checkout.return_lines (
    return_id text collate "C" not null references checkout.returns (id),
    line_id text not null,
    quantity int not null check (quantity > 0),
    accepted int check (accepted between 0 and quantity),
    restocked boolean not null default false,
    note text,
    primary key (return_id, line_id)
);

-- How far a back office has read the feed of orders.
create table checkout.order_feed_cursors (
    client_id text collate "C" primary key,
    cursor text not null,
    acknowledged_at timestamptz not null
);
