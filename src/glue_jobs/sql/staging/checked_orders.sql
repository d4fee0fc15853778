-- one row per line of orders: its values and, where it breaks a row rule, the reason
select
    line_hash,
    order_id,
    user_id,
    ordered_at,
    status,
    amount,
    item_count,
    payment_method,
    wrong,
    case
        when proven then null
        when malformed then 'malformed'
        when order_id is null
            then if(array_contains(wrong, 'order_id'), 'bad_order_id', 'missing_order_id')
        when user_id is null
            then if(array_contains(wrong, 'user_id'), 'bad_user_id', 'missing_user_id')
        when ordered_at is null
            then if(array_contains(wrong, 'ordered_at'), 'bad_ordered_at', 'missing_ordered_at')
        when status is null
            then if(array_contains(wrong, 'status'), 'bad_status', 'missing_status')
    end as reason
from lines_orders
