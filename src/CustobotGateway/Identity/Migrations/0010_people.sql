-- Where a session was opened from, for the person who looks at the list of them.
alter table identity.sessions add column address inet, add column user_agent text;

-- The IANA time zone in which a person's days and weeks begin: what new grants get.
alter table identity.people add column time_zone text not null default 'UTC';

-- Who wants an account and has not shown yet that the address is theirs. It becomes an account with the password of this row only for whoever has both
-- the letter and that password: a stranger who signed up with the address first gains nothing.
create table identity.sign_ups (
    hash bytea primary key,
    email text not null,
    password_hash text not null,
    -- The local address to go on to.
    return_url text,
    expires_at timestamptz not null
);

create index sign_ups_by_end on identity.sign_ups (expires_at);

-- Letters that let the owner of an address choose another password, once.
create table identity.password_resets (
    hash bytea primary key,
    person_id text collate "C" not null references identity.people (id),
    expires_at timestamptz not null
);

create index password_resets_of_person on identity.password_resets (person_id);
create index password_resets_by_end on identity.password_resets (expires_at);
