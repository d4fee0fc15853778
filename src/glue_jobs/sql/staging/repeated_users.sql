-- one row per valid line of users whose key repeats: kept, superseded or deduplicated
with
candidates as (
    select checked_users.*
    from checked_users
    left semi join shared_keys on xxhash64('users', checked_users.user_id) = shared_keys.key_hash
    where checked_users.reason is null
),

-- Lines that are alike in all columns share a rank; the latest comes first, then the one whose
-- values, written as text, sort last.
ranked as (
    select
        *,
        rank() over (
            partition by user_id
            order by
                signed_up_at desc,
                full_name desc nulls last,
                email desc nulls last,
                country desc nulls last,
                city desc nulls last,
                cast(marketing_opt_in as string) desc nulls last
        ) as version_rank
    from candidates
),

numbered as (
    select
        *,
        row_number() over (partition by user_id order by version_rank, line_hash) as line_number
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
