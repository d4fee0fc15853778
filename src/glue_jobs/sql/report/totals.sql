-- one row: what the written table adds up to, and a hash that does not depend on the order of rows
select
    count(*) as users,
    coalesce(sum(event_count), 0) as events,
    coalesce(sum(order_count), 0) as orders,
    coalesce(sum(session_count), 0) as sessions,
    coalesce(sum(revenue), 0) as revenue,
    cast(coalesce(sum(cast(xxhash64(struct(*)) as decimal(38, 0))), 0) as string) as row_hash
from user_activity
