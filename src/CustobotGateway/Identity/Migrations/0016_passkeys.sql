-- What people sign in with instead of a password (W3C Web Authentication). The private key never leaves what the person holds: only the public one is here.
create table identity.passkeys (
    id text collate "C" primary key,
    person_id text collate "C" not null references identity.people (id) on delete cascade,
    -- Of all accounts together: a passkey belongs to one.
    credential_id bytea not null unique check (octet_length(credential_id) between 1 and 1023),
    -- As it came, in COSE (RFC 9052 §7).
    public_key bytea not null,
    name text not null,
    -- Grows with each use where the authenticator counts, and stays 0 where it does not.
    sign_count bigint not null,
    transports text[],
    is_user_verified boolean not null,
    is_backup_eligible boolean not null,
    is_backed_up boolean not null,
    attestation_object bytea not null,
    client_data_json bytea not null,
    created_at timestamptz not null,
    last_used_at timestamptz
);

create index passkeys_of_person on identity.passkeys (person_id);

-- What a session was opened with; null for the password. It ends with the passkey.
alter table identity.sessions add column passkey_id text collate "C" references identity.passkeys (id) on delete cascade;

create index sessions_of_passkey on identity.sessions (passkey_id) where passkey_id is not null;
