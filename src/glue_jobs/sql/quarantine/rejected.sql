-- one row per dataset, line (as a hash) and reason: how many such lines are rejected
with
lines as (
    select
        'users' as dataset,
        line_hash,
        reason
    from checked_users
    where reason is not null

    union all

    select
        'users' as dataset,
        line_hash,
        verdict as reason
    from repeated_users
    where verdict = 'superseded'

    union all

    select
        'events' as dataset,
        line_hash,
        reason
    from checked_events
    where reason is not null

    union all

    select
        'events' as dataset,
        line_hash,
        verdict as reason
    from repeated_events
    where verdict = 'superseded'

    union all

    select
        'events' as dataset,
        latest_events.line_hash,
        'unknown_user' as reason
    from latest_events
    left semi join unknown_users
        on xxhash64('users', latest_events.user_id) = unknown_users.key_hash

    union all

    select
        'orders' as dataset,
        line_hash,
        reason
    from checked_orders
    where reason is not null

    union all

    select
        'orders' as dataset,
        line_hash,
        verdict as reason
    from repeated_orders
    where verdict = 'superseded'

    union all

    select
        'orders' as dataset,
        latest_orders.line_hash,
        'unknown_user' as reason
    from latest_orders
    left semi join unknown_users
        on xxhash64('users', latest_orders.user_id) = unknown_users.key_hash
)

select
    dataset,
    line_hash,
    reason,
    count(*) as line_count
from lines
group by dataset, line_hash, reason
