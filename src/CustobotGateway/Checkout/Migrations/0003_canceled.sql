-- A session ends without an order also when the grant ends under which it was opened.
alter table checkout.sessions drop constraint sessions_status_check;
alter table checkout.sessions add constraint sessions_status_check check (status in ('ready_for_complete', 'completed', 'canceled'));

create index sessions_of_grant on checkout.sessions (grant_id) where status = 'ready_for_complete';
