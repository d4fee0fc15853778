-- one row per user: the latest valid line of each key, null attributes filled
with
kept as (
    select
        checked_users.user_id,
        checked_users.full_name,
        checked_users.country,
        checked_users.city,
        checked_users.signed_up_at,
        checked_users.marketing_opt_in
    from checked_users
    left anti join shared_keys on xxhash64('users', checked_users.user_id) = shared_keys.key_hash
    where checked_users.reason is null

    union all

    select
        user_id,
        full_name,
        country,
        city,
        signed_up_at,
        marketing_opt_in
    from repeated_users
    where verdict = 'kept'
)

select
    user_id,
    coalesce(full_name, :full_name_default) as full_name,
    coalesce(country, :country_default) as country,
    coalesce(city, :city_default) as city,
    signed_up_at,
    coalesce(marketing_opt_in, :marketing_opt_in_default) as marketing_opt_in
from kept
