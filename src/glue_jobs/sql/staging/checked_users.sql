-- one row per line of users: its values and, where it breaks a row rule, the reason
select
    line_hash,
    user_id,
    full_name,
    email,
    country,
    city,
    signed_up_at,
    marketing_opt_in,
    wrong,
    case
        when proven then null
        when malformed then 'malformed'
        when user_id is null
            then if(array_contains(wrong, 'user_id'), 'bad_user_id', 'missing_user_id')
        when signed_up_at is null
            then
                if(
                    array_contains(wrong, 'signed_up_at'),
                    'bad_signed_up_at',
                    'missing_signed_up_at'
                )
    end as reason
from lines_users
