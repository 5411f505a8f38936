-- Where an order stands, as its lines say: written with what is done to them, so that a list can be asked for one status.
alter table checkout.orders add column status text not null default 'processing' check (status in ('processing', 'partial', 'fulfilled', 'removed'));

update checkout.orders o
set status = case when n.total = 0 then 'removed' when n.fulfilled = n.total then 'fulfilled' when n.fulfilled > 0 then 'partial' else 'processing' end
from (
    select a.order_id,
           (select sum((l->>'quantity')::int) from checkout.orders q, jsonb_array_elements(q.line_items) l where q.id = a.order_id)
               - coalesce(sum(a.quantity) filter (where a.act in ('canceled', 'returned')), 0) as total,
           coalesce(sum(case a.act when 'shipped' then a.quantity when 'recalled' then -a.quantity when 'returned' then -a.quantity end), 0) as fulfilled
    from checkout.line_acts a group by a.order_id) n
where o.id = n.order_id;

create index orders_in_status on checkout.orders (status, id desc);
