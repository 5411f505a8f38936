-- Where the agent's keys are fetched from besides those that are kept here; null for nowhere.
alter table identity.trusted_agents add column directory text;
alter table identity.trusted_agents add column created_by text not null default 'seed';

-- What every gateway holds in memory: these agents, and the keys that the gateway signs its own messages with.
insert into identity.versions (name, version) values ('trusted_agents', 1), ('message_keys', 1);
