-- Clients for trying out: what is done with their tokens is kept apart.
alter table identity.clients add column test_mode boolean not null default false;

-- By how much a test client put its time forward; the sum is by how much it is ahead.
create table identity.test_clock_advances (
    id bigint generated always as identity primary key,
    client_id text collate "C" not null,
    ahead interval not null check (ahead > interval '0'),
    at timestamptz not null
);

create index test_clock_advances_of_client on identity.test_clock_advances (client_id);
