-- Who may ask for tokens. Secrets are nowhere: only their SHA-256 is kept.
create table identity.clients (
    client_id text collate "C" primary key,
    name text,
    created_by text not null check (created_by in ('seed', 'staff', 'registration', 'document')),
    enabled boolean not null default true,
    auth_method text not null,
    -- Two while one replaces the other.
    secret_hashes bytea[] not null default '{}',
    -- The client's public keys (RFC 7517), or the address where they are.
    jwks jsonb,
    jwks_uri text,
    redirect_uris text[] not null default '{}',
    grant_types text[] not null default '{}',
    scopes text[] not null default '{}',
    -- Null: every resource of this server. One that begins with a slash is under the issuer, wherever that is published.
    resources text[],
    -- What tokens may be exchanged for (RFC 8693). Null: nothing.
    exchange_resources text[],
    authorization_details_types text[] not null default '{}',
    refresh text not null default 'rotate' check (refresh in ('rotate', 'static')),
    require_dpop boolean not null default false,
    require_par boolean not null default false,
    may_omit_redirect_uri boolean not null default false,
    -- What it said of itself when it registered; shown, never acted on.
    client_uri text,
    application_type text,
    software_id text,
    software_version text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- To the day, so that a client that is used is not written at every use.
    used_at timestamptz not null
);
-- Clients that registered themselves and are not used are forgotten.
create index clients_by_idleness on identity.clients (used_at) where created_by = 'registration';

-- Resources besides the gateway's own.
create table identity.resources (
    -- Absolute, or a path under the issuer.
    resource text collate "C" primary key,
    scopes text[] not null,
    created_at timestamptz not null
);

-- A grant of the authorization server has scopes, resources and, if the person granted any, details; the thin one has a mandate and a token.
alter table identity.grants alter column mandate drop not null;
alter table identity.grants alter column token_hash drop not null;
alter table identity.grants add column scopes text[];
alter table identity.grants add column resources text[];
alter table identity.grants add column details jsonb;
alter table identity.grants add column authenticated_at timestamptz;
alter table identity.grants add column acr text;
-- The clients that may exchange its tokens besides its own.
alter table identity.grants add column delegates text[] not null default '{}';
-- From then on nothing more comes from it; null for until it is revoked.
alter table identity.grants add column expires_at timestamptz;
alter table identity.grants add constraint grants_of_one_kind check ((mandate is null) = (scopes is not null) and (mandate is null) = (token_hash is null));
create index grants_by_person on identity.grants (person, created_at);
create index grants_by_client on identity.grants (client_id, created_at);

create table identity.codes (
    hash bytea primary key,
    grant_id text collate "C" not null references identity.grants (id) on delete cascade,
    redirect_uri text not null,
    redirect_uri_was_sent boolean not null,
    code_challenge text not null,
    thumbprint text,
    nonce text,
    expires_at timestamptz not null,
    consumed_at timestamptz
);
create index codes_by_grant on identity.codes (grant_id);
create index codes_by_expiry on identity.codes (expires_at);

create table identity.pushed_requests (
    hash bytea primary key,
    client_id text collate "C" not null,
    -- Pairs of name and value; what the client authenticated with is not among them.
    parameters bytea not null,
    expires_at timestamptz not null
);
create index pushed_requests_by_expiry on identity.pushed_requests (expires_at);

create table identity.device_requests (
    hash bytea primary key,
    user_code text collate "C" not null unique,
    client_id text collate "C" not null,
    state text not null check (state in ('pending', 'approved', 'denied', 'consumed')),
    scopes text[] not null,
    resources text[] not null,
    details jsonb,
    thumbprint text,
    grant_id text collate "C" references identity.grants (id) on delete cascade,
    expires_at timestamptz not null,
    interval_seconds int not null,
    polled_at timestamptz
);
create index device_requests_by_expiry on identity.device_requests (expires_at);
create index device_requests_by_grant on identity.device_requests (grant_id) where grant_id is not null;

create table identity.refresh_families (
    id text collate "C" primary key,
    grant_id text collate "C" not null references identity.grants (id) on delete cascade,
    thumbprint text,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index refresh_families_by_grant on identity.refresh_families (grant_id);
create index refresh_families_by_expiry on identity.refresh_families (expires_at);

create table identity.refresh_tokens (
    hash bytea primary key,
    family_id text collate "C" not null references identity.refresh_families (id) on delete cascade,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    consumed_at timestamptz,
    -- The hash of the one that followed, and, where a lost answer may be repeated, that token itself, encrypted.
    successor bytea,
    sealed_successor bytea
);
create index refresh_tokens_by_family on identity.refresh_tokens (family_id);

-- What may be used once: client assertions and proofs of possession, until they would be refused for their age anyway.
create table identity.replays (
    key bytea not null,
    purpose text collate "C" not null,
    expires_at timestamptz not null,
    primary key (key, purpose)
);
create index replays_by_expiry on identity.replays (expires_at);

-- The private keys are sealed by the data protection keys that all gateways of the database share.
create table identity.signing_keys (
    key_id text collate "C" primary key,
    algorithm text not null,
    sealed bytea not null,
    signs_from timestamptz not null,
    signs_until timestamptz not null,
    published_until timestamptz not null
);

-- Counts the changes of what gateways hold in memory: who changes it counts in the same transaction, and the others read it anew.
create table identity.versions (
    name text collate "C" primary key,
    version bigint not null
);
insert into identity.versions (name, version) values ('clients', 1), ('resources', 1), ('signing_keys', 1);

-- Every act and refusal, for whoever investigates. Written in batches, so that no request waits for it.
create table identity.audit (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    kind text collate "C" not null,
    client_id text,
    person_id text,
    address inet,
    -- What it was refused for; null for what succeeded.
    code text,
    detail jsonb,
    trace_id text
);
create index audit_by_time on identity.audit (at);
create index audit_by_client on identity.audit (client_id, at) where client_id is not null;
create index audit_by_person on identity.audit (person_id, at) where person_id is not null;
