-- What test purchases hold and took: beside the stock, which they leave alone.
create table catalog.test_stock (
    reservation text collate "C" not null,
    product bigint not null references catalog.products (number),
    location text not null,
    quantity int not null check (quantity >= 0),
    taken boolean not null default false,
    expires_at timestamptz not null,
    primary key (reservation, product, location)
);

create index test_stock_of_product on catalog.test_stock (product, location);
