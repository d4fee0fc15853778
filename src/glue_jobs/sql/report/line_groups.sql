-- one row per dataset, reason and set of wrong columns: how many lines
select
    'users' as dataset,
    reason,
    wrong,
    count(*) as line_count
from checked_users
group by reason, wrong

union all

select
    'events' as dataset,
    reason,
    wrong,
    count(*) as line_count
from checked_events
group by reason, wrong

union all

select
    'orders' as dataset,
    reason,
    wrong,
    count(*) as line_count
from checked_orders
group by reason, wrong
