-- one row per dataset and outcome: how many lines had it
with
outcomes as (
    select
        dataset,
        'read' as outcome,
        line_count
    from line_counts
    where line_count > 0
    union all
    select
        'users' as dataset,
        concat('nulled_', wrong_column) as outcome,
        1 as line_count
    from checked_users
        lateral view explode(wrong) as wrong_column
    where reason is null and wrong is not null
    union all
    select
        'events' as dataset,
        concat('nulled_', wrong_column) as outcome,
        1 as line_count
    from checked_events
        lateral view explode(wrong) as wrong_column
    where reason is null and wrong is not null
    union all
    select
        'orders' as dataset,
        concat('nulled_', wrong_column) as outcome,
        1 as line_count
    from checked_orders
        lateral view explode(wrong) as wrong_column
    where reason is null and wrong is not null
    union all
    select
        dataset,
        reason as outcome,
        line_count
    from rejected
    union all
    select
        'users' as dataset,
        verdict as outcome,
        1 as line_count
    from repeated_users
    where verdict = 'deduplicated'
    union all
    select
        'events' as dataset,
        verdict as outcome,
        1 as line_count
    from repeated_events
    where verdict = 'deduplicated'
    union all
    select
        'orders' as dataset,
        verdict as outcome,
        1 as line_count
    from repeated_orders
    where verdict = 'deduplicated'
)

select
    dataset,
    outcome,
    sum(line_count) as line_count
from outcomes
group by dataset, outcome
