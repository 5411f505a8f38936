-- Discounts may take all off: such a session is incomplete, since nothing would be paid.
alter table checkout.sessions drop constraint sessions_total_check;
alter table checkout.sessions add constraint sessions_total_check check (total >= 0);

alter table checkout.sessions add column cart_id text collate "C";

drop index checkout.sessions_of_grant;
create index sessions_of_grant on checkout.sessions (grant_id) where status in ('incomplete', 'requires_escalation', 'ready_for_complete');
create index sessions_by_expiry on checkout.sessions (expires_at) where status in ('incomplete', 'requires_escalation', 'ready_for_complete');

-- A cart has one session at a time.
create unique index sessions_of_cart on checkout.sessions (cart_id)
    where status in ('incomplete', 'requires_escalation', 'ready_for_complete', 'complete_in_progress');
