-- What this database is used for. Once a gateway has served from it in production mode, seeding is refused for good: a seed's passwords and secrets stand in a file.
create table identity.deployment (
    mode text collate "C" primary key check (mode = 'production'),
    since timestamptz not null
);
