-- one row per order: the latest valid line of each key, its user known or not
select
    checked_orders.line_hash,
    checked_orders.user_id,
    checked_orders.ordered_at,
    checked_orders.status,
    checked_orders.amount
from checked_orders
left anti join shared_keys on xxhash64('orders', checked_orders.order_id) = shared_keys.key_hash
where checked_orders.reason is null

union all

select
    line_hash,
    user_id,
    ordered_at,
    status,
    amount
from repeated_orders
where verdict = 'kept'
