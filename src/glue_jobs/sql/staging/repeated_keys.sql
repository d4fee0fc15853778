-- one row per key (as a hash that differs by dataset) that stands on more than one valid line
with
keys as (
    select key_hash from checked_users
    where reason is null
    union all
    select key_hash from checked_events
    where reason is null
    union all
    select key_hash from checked_orders
    where reason is null
)

select key_hash
from keys
group by key_hash
having count(*) > 1
