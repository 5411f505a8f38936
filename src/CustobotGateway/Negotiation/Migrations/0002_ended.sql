-- Why a negotiation was ended before its rounds were used; null for those that used them.
alter table negotiation.negotiations add column ended_for text check (ended_for in ('grant_revoked'));

-- A quote that binds nobody any more, since the grant under which it was agreed has ended.
alter table negotiation.quotes add column voided_at timestamptz;

create index negotiations_of_grant on negotiation.negotiations (grant_id) where state in ('open', 'countered');
create index quotes_of_grant on negotiation.quotes (grant_id) where redeemed_by is null and voided_at is null;
