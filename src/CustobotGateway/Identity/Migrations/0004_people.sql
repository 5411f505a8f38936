-- People: principals who delegate, and the merchant's staff. Of a password only the salted, slow hash is kept.
create table identity.people (
    id text collate "C" primary key,
    email text not null,
    -- Upper and lower case do not tell two people apart.
    email_key text collate "C" not null unique,
    password_hash text not null,
    -- The staff's roles; a principal has none.
    roles text[] not null default '{}',
    created_at timestamptz not null,
    disabled_at timestamptz
);

-- Who is signed in where. The cookie's secret is nowhere: only its SHA-256 is kept.
create table identity.sessions (
    id text collate "C" primary key,
    secret_hash bytea not null unique,
    person_id text collate "C" not null references identity.people (id),
    authenticated_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);

create index sessions_of_person on identity.sessions (person_id);

-- How often something guessable was tried in a window that began with the first try: shared by all gateways, so that a guesser gains nothing by asking another.
create table identity.attempts (
    key bytea primary key,
    count int not null,
    until timestamptz not null
);

create index attempts_by_end on identity.attempts (until);

-- Authorization requests that a signed-in person is looking at. Deciding deletes the row, so that a decision is made once, and of what was shown.
create table identity.pending_consents (
    hash bytea primary key,
    session_id text collate "C" not null references identity.sessions (id) on delete cascade,
    parameters bytea not null,
    -- The hash of the pushed request's reference; null if the request was not pushed.
    pushed bytea,
    expires_at timestamptz not null
);

create index pending_consents_of_session on identity.pending_consents (session_id);

-- What a person wants not to be asked again, by client and redirect address.
create table identity.consents (
    person_id text collate "C" not null references identity.people (id),
    client_id text collate "C" not null,
    redirect_uri text collate "C" not null,
    scopes text[] not null,
    resources text[] not null,
    at timestamptz not null,
    primary key (person_id, client_id, redirect_uri)
);

-- Agents whose message signatures are trusted from the start, by the authority that they name.
create table identity.trusted_agents (
    id text collate "C" primary key,
    agent text collate "C" not null,
    authority text collate "C" not null,
    -- A JSON Web Key Set of public keys.
    keys jsonb not null,
    created_at timestamptz not null,
    unique (agent, authority)
);
