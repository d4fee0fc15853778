-- one row per valid line of orders whose key repeats: kept, superseded or deduplicated
with
candidates as (
    select checked_orders.*
    from checked_orders
    left semi join shared_keys on xxhash64('orders', checked_orders.order_id) = shared_keys.key_hash
    where checked_orders.reason is null
),

-- Lines that are alike in all columns share a rank; the latest comes first, then the one whose
-- values, written as text, sort last.
ranked as (
    select
        *,
        rank() over (
            partition by order_id
            order by
                ordered_at desc,
                cast(user_id as string) desc nulls last,
                status desc nulls last,
                cast(amount as string) desc nulls last,
                cast(item_count as string) desc nulls last,
                payment_method desc nulls last
        ) as version_rank
    from candidates
),

numbered as (
    select
        *,
        row_number() over (partition by order_id order by version_rank, line_hash) as line_number
    from ranked
)

select
    *,
    case
        when line_number > version_rank then 'deduplicated'
        when line_number > 1 then 'superseded'
        else 'kept'
    end as verdict
from numbered
