-- one row per key, as a hash that differs by dataset, that not exactly one valid line has;
-- none has that of a user whom only events or orders name
with
uses as (
    select
        xxhash64('users', user_id) as key_hash,
        1 as line_count
    from checked_users
    where reason is null

    union all

    select
        xxhash64('events', event_id) as key_hash,
        1 as line_count
    from checked_events
    where reason is null

    union all

    select
        xxhash64('orders', order_id) as key_hash,
        1 as line_count
    from checked_orders
    where reason is null

    union all

    select
        xxhash64('users', user_id) as key_hash,
        0 as line_count
    from checked_events
    where reason is null

    union all

    select
        xxhash64('users', user_id) as key_hash,
        0 as line_count
    from checked_orders
    where reason is null
)

select
    key_hash,
    sum(line_count) as line_count
from uses
group by key_hash
having sum(line_count) <> 1
