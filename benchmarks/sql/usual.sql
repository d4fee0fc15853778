-- one row per user, as found again and again: join first, then undo what the join multiplied
select
    users.user_id,
    users.full_name,
    users.country,
    users.city,
    users.signed_up_at,
    users.marketing_opt_in,
    count(distinct events.event_id) as event_count,
    count(distinct events.session_id) as session_count,
    count(distinct to_date(cast(events.occurred_at as timestamp))) as active_days,
    min(cast(events.occurred_at as timestamp)) as first_event_at,
    max(cast(events.occurred_at as timestamp)) as last_event_at,
    count(distinct orders.order_id) as order_count,
    sum(cast(orders.amount as decimal(12, 2))) as revenue,
    min(cast(orders.ordered_at as timestamp)) as first_order_at,
    max(cast(orders.ordered_at as timestamp)) as last_order_at
from users
left join events on users.user_id = events.user_id
left join orders on users.user_id = orders.user_id
group by
    users.user_id,
    users.full_name,
    users.country,
    users.city,
    users.signed_up_at,
    users.marketing_opt_in
