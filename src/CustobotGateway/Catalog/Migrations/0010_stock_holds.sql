-- Pieces that are promised to somebody who is paying. They are on hand and not for sale.
alter table catalog.stock add column held int not null default 0 check (held >= 0);

create table catalog.stock_holds (
    -- What it is held for: the checkout session's id.
    reservation text collate "C" not null,
    product bigint not null,
    location text not null,
    quantity int not null check (quantity > 0),
    expires_at timestamptz not null,
    primary key (reservation, product, location),
    foreign key (product) references catalog.products (number)
);

create index stock_holds_expiry on catalog.stock_holds (expires_at);

-- What left the stock for an order, so that what comes back goes to where it came from.
create table catalog.stock_taken (
    reservation text collate "C" not null,
    product bigint not null,
    location text not null,
    quantity int not null check (quantity > 0),
    restocked int not null default 0 check (restocked between 0 and quantity),
    primary key (reservation, product, location)
);
