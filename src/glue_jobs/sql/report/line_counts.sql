-- one row per dataset: its lines, and those that the reader has not proven to be good
select
    'users' as dataset,
    count(*) as line_count,
    count(line) as unproven_count
from split_users

union all

select
    'events' as dataset,
    count(*) as line_count,
    count(line) as unproven_count
from split_events

union all

select
    'orders' as dataset,
    count(*) as line_count,
    count(line) as unproven_count
from split_orders
