-- How far the events have been followed (EventReader): one row for each follower.
create table botdetection.followers (
    name text primary key,
    from_snapshot text not null,
    until_snapshot text,
    position bigint not null
);

-- What operators did, counted so that it halves with time: the amount is as of a time, and less after it.
create table botdetection.trust (
    operator text not null,
    component text not null,
    amount double precision not null,
    as_of timestamptz not null,
    since timestamptz not null,
    changed_at timestamptz not null,
    primary key (operator, component)
);

create index on botdetection.trust (changed_at);

-- Whose a hold or a negotiation is: later events of it name somebody else, or nobody.
create table botdetection.trust_subjects (
    subject text primary key,
    operator text not null,
    state text not null check (state in ('hold', 'paid', 'ended', 'negotiation')),
    expires_at timestamptz
);

create index on botdetection.trust_subjects (expires_at) where state = 'hold';

create table botdetection.appeals (
    id text primary key,
    operator text not null,
    text text not null,
    status text not null check (status in ('open', 'granted', 'refused')),
    created_at timestamptz not null,
    created_by text not null,
    note text,
    components text[] not null,
    decided_at timestamptz,
    decided_by text
);

create index on botdetection.appeals (operator, id);
