-- one row per key (as a hash) that stands on more than one valid line of a dataset
with
keys as (
    select
        'users' as dataset,
        key_hash
    from checked_users
    where reason is null
    union all
    select
        'events' as dataset,
        key_hash
    from checked_events
    where reason is null
    union all
    select
        'orders' as dataset,
        key_hash
    from checked_orders
    where reason is null
)

select
    dataset,
    key_hash
from keys
group by dataset, key_hash
having count(*) > 1
