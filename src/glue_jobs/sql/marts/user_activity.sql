-- one row per user: what the user did and bought; users without activity have zeros
with
events as (
    select
        user_id,
        count(*) as event_count,
        count(distinct session_id) as session_count,
        count(distinct to_date(occurred_at)) as active_days,
        count_if(event_type = 'page_view') as page_view_count,
        count_if(event_type = 'search') as search_count,
        count_if(event_type = 'product_view') as product_view_count,
        count_if(event_type = 'add_to_cart') as add_to_cart_count,
        count_if(event_type = 'checkout') as checkout_count,
        count_if(event_type = 'purchase') as purchase_count,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at
    from stg_events
    group by user_id
),

orders as (
    select
        user_id,
        count(*) as order_count,
        count_if(status in ('paid', 'shipped', 'delivered')) as paid_order_count,
        count_if(status = 'cancelled') as cancelled_order_count,
        count_if(status = 'refunded') as refunded_order_count,
        count_if(amount is null) as orders_without_amount,
        sum(case when status in ('paid', 'shipped', 'delivered') then amount end) as revenue,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at
    from stg_orders
    group by user_id
)

select
    users.user_id,
    users.full_name,
    users.country,
    users.city,
    users.signed_up_at,
    users.marketing_opt_in,
    coalesce(events.event_count, 0) as event_count,
    coalesce(events.session_count, 0) as session_count,
    coalesce(events.active_days, 0) as active_days,
    coalesce(events.page_view_count, 0) as page_view_count,
    coalesce(events.search_count, 0) as search_count,
    coalesce(events.product_view_count, 0) as product_view_count,
    coalesce(events.add_to_cart_count, 0) as add_to_cart_count,
    coalesce(events.checkout_count, 0) as checkout_count,
    coalesce(events.purchase_count, 0) as purchase_count,
    events.first_event_at,
    events.last_event_at,
    coalesce(orders.order_count, 0) as order_count,
    coalesce(orders.paid_order_count, 0) as paid_order_count,
    coalesce(orders.cancelled_order_count, 0) as cancelled_order_count,
    coalesce(orders.refunded_order_count, 0) as refunded_order_count,
    coalesce(orders.orders_without_amount, 0) as orders_without_amount,
    cast(coalesce(orders.revenue, 0) as decimal(18, 2)) as revenue,
    cast(coalesce(orders.revenue, 0) / nullif(orders.paid_order_count, 0) as decimal(18, 2))
        as average_order_value,
    orders.first_order_at,
    orders.last_order_at,
    cast(coalesce(orders.paid_order_count, 0) as double) / nullif(events.session_count, 0)
        as conversion_rate
from stg_users as users
left join events on users.user_id = events.user_id
left join orders on users.user_id = orders.user_id
