-- one row per valid line of events whose key repeats: kept, superseded or deduplicated
with
candidates as (
    select checked_events.*
    from checked_events
    left semi join shared_keys on xxhash64('events', checked_events.event_id) = shared_keys.key_hash
    where checked_events.reason is null
),

-- Lines that are alike in all columns share a rank; the latest comes first, then the one whose
-- values, written as text, sort last.
ranked as (
    select
        *,
        rank() over (
            partition by event_id
            order by
                occurred_at desc,
                cast(user_id as string) desc nulls last,
                session_id desc nulls last,
                event_type desc nulls last,
                device desc nulls last,
                cast(product_id as string) desc nulls last
        ) as version_rank
    from candidates
),

numbered as (
    select
        *,
        row_number() over (partition by event_id order by version_rank, line_hash) as line_number
    from ranked
)

select
    *,
    case
        when line_number > version_rank then 'deduplicated'
        when line_number > 1 then 'superseded'
        else 'kept'
    end as verdict
from numbered
