-- Requests that the gateways of this database count together. Not logged: a crash forgets the counts of a minute, and counting stays cheap.
create unlogged table common.rate_windows (
    key bytea primary key,
    count bigint not null,
    until timestamptz not null
);
create index rate_windows_by_end on common.rate_windows (until);
