-- one row per line of events: its values and, where it breaks a row rule, the reason
select
    line_hash,
    event_id,
    user_id,
    session_id,
    event_type,
    occurred_at,
    device,
    product_id,
    wrong,
    case
        when proven then null
        when malformed then 'malformed'
        when event_id is null
            then if(array_contains(wrong, 'event_id'), 'bad_event_id', 'missing_event_id')
        when user_id is null
            then if(array_contains(wrong, 'user_id'), 'bad_user_id', 'missing_user_id')
        when event_type is null
            then if(array_contains(wrong, 'event_type'), 'bad_event_type', 'missing_event_type')
        when occurred_at is null
            then if(array_contains(wrong, 'occurred_at'), 'bad_occurred_at', 'missing_occurred_at')
    end as reason
from lines_events
