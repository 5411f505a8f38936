insert into identity.versions (name, version) values ('payment_keys', 1);
