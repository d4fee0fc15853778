-- one row per user_id that an event or an order names and no valid line of users has
with
named as (
    select user_id from checked_events
    where reason is null
    union
    select user_id from checked_orders
    where reason is null
)

select named.user_id
from named
left anti join stg_users on named.user_id = stg_users.user_id
