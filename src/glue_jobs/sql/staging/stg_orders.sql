-- one row per order that counts: valid, the latest of its key, of a known user
select
    latest_orders.user_id,
    latest_orders.ordered_at,
    latest_orders.status,
    latest_orders.status in ('paid', 'shipped', 'delivered') as is_paid,
    coalesce(latest_orders.amount, :amount_default) as amount,
    latest_orders.amount is null as is_without_amount
from latest_orders
left anti join unknown_users on xxhash64('users', latest_orders.user_id) = unknown_users.key_hash
