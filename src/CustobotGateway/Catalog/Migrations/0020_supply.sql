-- The merchant's system orders its counts by a version of its own: an older one that comes late is left out.
alter table catalog.stock add column source_version bigint;
-- Whether more is sold than lies there, and how long it then takes. Null where nothing was said.
alter table catalog.stock add column back_order boolean;
alter table catalog.stock add column lead_time_days int check (lead_time_days >= 0);

-- What is going to arrive.
create table catalog.expected_receipts (
    product bigint not null references catalog.products (number),
    location text not null,
    expected_on date not null,
    quantity int not null check (quantity > 0),
    primary key (product, location, expected_on)
);

-- The version of the price that is in the product's attributes.
create table catalog.price_versions (
    product bigint primary key references catalog.products (number),
    source_version bigint not null
);
