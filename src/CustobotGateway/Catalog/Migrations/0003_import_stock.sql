-- What lies where of the row's product, as [{"location","on_hand"}]; null where the row does not say.
alter table catalog.import_rows add column stock jsonb;
