-- one row per event that counts: valid, the latest of its key, of a known user
select
    latest_events.user_id,
    latest_events.session_id,
    latest_events.event_type,
    latest_events.occurred_at
from latest_events
left anti join unknown_users on xxhash64('users', latest_events.user_id) = unknown_users.key_hash
