-- one row per dataset and outcome: how many lines had it
with
outcomes as (
    select 'users' as dataset, 'read' as outcome from checked_users
    union all
    select 'users' as dataset, verdict as outcome from repeated_users where verdict = 'deduplicated'
    union all
    select 'users' as dataset, explode(transform(wrong, name -> concat('nulled_', name))) as outcome
    from checked_users
    where reason is null
    union all
    select 'events' as dataset, 'read' as outcome from checked_events
    union all
    select 'events' as dataset, verdict as outcome from repeated_events where verdict = 'deduplicated'
    union all
    select 'events' as dataset, explode(transform(wrong, name -> concat('nulled_', name))) as outcome
    from checked_events
    where reason is null
    union all
    select 'orders' as dataset, 'read' as outcome from checked_orders
    union all
    select 'orders' as dataset, verdict as outcome from repeated_orders where verdict = 'deduplicated'
    union all
    select 'orders' as dataset, explode(transform(wrong, name -> concat('nulled_', name))) as outcome
    from checked_orders
    where reason is null
    union all
    select dataset, reason as outcome from rejected
)

select
    dataset,
    outcome,
    count(*) as line_count
from outcomes
group by dataset, outcome
