-- one row per country: its users, those who bought, their orders and what they paid
select
    country,
    count(*) as user_count,
    count_if(paid_order_count > 0) as buyer_count,
    sum(order_count) as order_count,
    cast(sum(revenue) as decimal(18, 2)) as revenue
from user_activity
group by country
