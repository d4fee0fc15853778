-- one row per event: the latest valid line of each key, its user known or not
select
    checked_events.line_hash,
    checked_events.user_id,
    checked_events.session_id,
    checked_events.event_type,
    checked_events.occurred_at
from checked_events
left anti join shared_keys on xxhash64('events', checked_events.event_id) = shared_keys.key_hash
where checked_events.reason is null

union all

select
    line_hash,
    user_id,
    session_id,
    event_type,
    occurred_at
from repeated_events
where verdict = 'kept'
