create schema if not exists botdetection;

-- What callers were taken for, as far as the log takes them: for staff, for previews of rules, and for whoever asks why. No address is whole, no credential is kept.
create table botdetection.decisions (
    trace_id text not null,
    at timestamptz not null,
    class text not null,
    score smallint not null,
    operator text,
    declared_as text,
    lane text,
    rule text,
    "group" text not null,
    method text not null,
    path text not null,
    status smallint not null,
    -- The problem's code where the request was refused.
    code text,
    -- The network of the caller: /24 of IPv4, /48 of IPv6.
    address text,
    user_agent text,
    http_version text not null,
    headers_known boolean not null,
    bad_signature boolean not null,
    reasons text[] not null,
    -- [{code, text, weight}]
    told jsonb not null,
    -- [[name, value]], values of credentials left out.
    headers jsonb not null,
    -- What staff say it really was.
    label text check (label in ('human', 'automation', 'declared_bot', 'verified_agent')),
    primary key (at, trace_id)
);

create index on botdetection.decisions (trace_id);
create index on botdetection.decisions (at) where label is not null;
