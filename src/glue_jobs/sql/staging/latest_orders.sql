-- one row per order: the latest valid line of each key, its user known or not
select
    line_hash,
    user_id,
    ordered_at,
    status,
    amount
from checked_orders
left anti join repeated_keys
    on repeated_keys.dataset = 'orders' and checked_orders.key_hash = repeated_keys.key_hash
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
