create schema if not exists botdetection;

-- The keys that the gateway signs its own messages with, sealed by data protection.
create table botdetection.message_keys (
    key_id text collate "C" primary key,
    algorithm text not null,
    sealed bytea not null,
    signs_from timestamptz not null,
    signs_until timestamptz not null,
    published_until timestamptz not null
);
