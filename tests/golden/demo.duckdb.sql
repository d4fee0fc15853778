-- odd_keys, computed once
-- one row per key (as a hash that differs by dataset) that several valid lines may have
with
keys as (
    select hash('users', "user_id") as _key_hash
    from lines_users
    where _reason is null
    union all
    select hash('events', "event_id") as _key_hash
    from lines_events
    where _reason is null
    union all
    select hash('orders', "order_id") as _key_hash
    from lines_orders
    where _reason is null
)

select _key_hash
from keys
group by _key_hash
having count(*) > 1;

-- repeated_users, computed once
-- one row per valid line of users whose key may repeat: kept, superseded or deduplicated
with
candidates as (
    select *
    from lines_users
    semi join odd_keys on hash('users', "user_id") = odd_keys._key_hash
    where _reason is null
),

-- Lines that are alike in all columns share a rank; the one that counts comes first.
ranked as (
    select
        *,
        rank() over (
            partition by "user_id"
            order by
                "signed_up_at" desc nulls last,
                "full_name" desc nulls last,
                "email" desc nulls last,
                "country" desc nulls last,
                "city" desc nulls last,
                "marketing_opt_in" desc nulls last
        ) as _rank
    from candidates
),

numbered as (
    select
        *,
        row_number() over (partition by "user_id" order by _rank, _line) as _number
    from ranked
)

select
    _line,
    "user_id",
    "full_name",
    "email",
    "country",
    "city",
    "signed_up_at",
    "marketing_opt_in",
    case
        when _number > _rank then 'deduplicated'
        when _number > 1 then 'superseded'
        else 'kept'
    end as _verdict
from numbered;

-- latest_users
-- one row per key of users, whatever it refers to
select
    _line,
    "user_id",
    "full_name",
    "email",
    "country",
    "city",
    "signed_up_at",
    "marketing_opt_in"
from lines_users
anti join odd_keys on hash('users', "user_id") = odd_keys._key_hash
where _reason is null

union all

select
    _line,
    "user_id",
    "full_name",
    "email",
    "country",
    "city",
    "signed_up_at",
    "marketing_opt_in"
from repeated_users
where _verdict = 'kept';

-- stg_users
-- one row per line of users that counts: typed, named, the latest of its key
select
    latest."user_id",
    coalesce(latest."full_name", 'unknown') as "full_name",
    latest."email",
    coalesce(latest."country", 'unknown') as "country",
    coalesce(latest."city", 'unknown') as "city",
    latest."signed_up_at",
    coalesce(latest."marketing_opt_in", cast('false' as boolean)) as "marketing_opt_in"
from latest_users as latest;

-- unknown_users, computed once
-- one row per value that stands for one of users and that none of its staged lines has
with
uses as (
    select
        "user_id" as _key,
        1 as _is_known
    from stg_users
    union all
    select
        "user_id" as _key,
        0 as _is_known
    from lines_events
    where _reason is null and "user_id" is not null
    union all
    select
        "user_id" as _key,
        0 as _is_known
    from lines_orders
    where _reason is null and "user_id" is not null
)

select _key
from uses
group by _key
having max(_is_known) = 0;

-- repeated_events, computed once
-- one row per valid line of events whose key may repeat: kept, superseded or deduplicated
with
candidates as (
    select *
    from lines_events
    semi join odd_keys on hash('events', "event_id") = odd_keys._key_hash
    where _reason is null
),

-- Lines that are alike in all columns share a rank; the one that counts comes first.
ranked as (
    select
        *,
        rank() over (
            partition by "event_id"
            order by
                "occurred_at" desc nulls last,
                "user_id" desc nulls last,
                "session_id" desc nulls last,
                "event_type" desc nulls last,
                "device" desc nulls last,
                "product_id" desc nulls last
        ) as _rank
    from candidates
),

numbered as (
    select
        *,
        row_number() over (partition by "event_id" order by _rank, _line) as _number
    from ranked
)

select
    _line,
    "event_id",
    "user_id",
    "session_id",
    "event_type",
    "occurred_at",
    "device",
    "product_id",
    case
        when _number > _rank then 'deduplicated'
        when _number > 1 then 'superseded'
        else 'kept'
    end as _verdict
from numbered;

-- latest_events
-- one row per key of events, whatever it refers to
select
    _line,
    "event_id",
    "user_id",
    "session_id",
    "event_type",
    "occurred_at",
    "device",
    "product_id"
from lines_events
anti join odd_keys on hash('events', "event_id") = odd_keys._key_hash
where _reason is null

union all

select
    _line,
    "event_id",
    "user_id",
    "session_id",
    "event_type",
    "occurred_at",
    "device",
    "product_id"
from repeated_events
where _verdict = 'kept';

-- stg_events
-- one row per line of events that counts: typed, named, the latest of its key, what it refers to is known
select
    latest."event_id",
    latest."user_id",
    latest."session_id",
    latest."event_type",
    latest."occurred_at",
    latest."device",
    latest."product_id"
from latest_events as latest
anti join unknown_users as unknown_user_id on latest."user_id" = unknown_user_id._key;

-- repeated_orders, computed once
-- one row per valid line of orders whose key may repeat: kept, superseded or deduplicated
with
candidates as (
    select *
    from lines_orders
    semi join odd_keys on hash('orders', "order_id") = odd_keys._key_hash
    where _reason is null
),

-- Lines that are alike in all columns share a rank; the one that counts comes first.
ranked as (
    select
        *,
        rank() over (
            partition by "order_id"
            order by
                "ordered_at" desc nulls last,
                "user_id" desc nulls last,
                "status" desc nulls last,
                "amount" desc nulls last,
                "item_count" desc nulls last,
                "payment_method" desc nulls last
        ) as _rank
    from candidates
),

numbered as (
    select
        *,
        row_number() over (partition by "order_id" order by _rank, _line) as _number
    from ranked
)

select
    _line,
    "order_id",
    "user_id",
    "ordered_at",
    "status",
    "amount",
    "item_count",
    "payment_method",
    case
        when _number > _rank then 'deduplicated'
        when _number > 1 then 'superseded'
        else 'kept'
    end as _verdict
from numbered;

-- latest_orders
-- one row per key of orders, whatever it refers to
select
    _line,
    "order_id",
    "user_id",
    "ordered_at",
    "status",
    "amount",
    "item_count",
    "payment_method"
from lines_orders
anti join odd_keys on hash('orders', "order_id") = odd_keys._key_hash
where _reason is null

union all

select
    _line,
    "order_id",
    "user_id",
    "ordered_at",
    "status",
    "amount",
    "item_count",
    "payment_method"
from repeated_orders
where _verdict = 'kept';

-- stg_orders
-- one row per line of orders that counts: typed, named, the latest of its key, what it refers to is known
select
    latest."order_id",
    latest."user_id",
    latest."ordered_at",
    latest."status",
    latest."amount",
    latest."item_count",
    latest."payment_method"
from latest_orders as latest
anti join unknown_users as unknown_user_id on latest."user_id" = unknown_user_id._key;

-- rejected_lines, computed once
-- one row per rejected line: its dataset and the reason
select
    'users' as dataset,
    _line,
    _reason as reason
from lines_users
where _reason is not null

union all

select
    'users' as dataset,
    _line,
    'superseded' as reason
from repeated_users
where _verdict = 'superseded'

union all

select
    'events' as dataset,
    _line,
    _reason as reason
from lines_events
where _reason is not null

union all

select
    'events' as dataset,
    _line,
    'superseded' as reason
from repeated_events
where _verdict = 'superseded'

union all

select
    'events' as dataset,
    latest._line,
    case
        when unknown_user_id._key is not null then 'unknown_user_id'
    end as reason
from latest_events as latest
left join unknown_users as unknown_user_id on latest."user_id" = unknown_user_id._key
where
    unknown_user_id._key is not null

union all

select
    'orders' as dataset,
    _line,
    _reason as reason
from lines_orders
where _reason is not null

union all

select
    'orders' as dataset,
    _line,
    'superseded' as reason
from repeated_orders
where _verdict = 'superseded'

union all

select
    'orders' as dataset,
    latest._line,
    case
        when unknown_user_id._key is not null then 'unknown_user_id'
    end as reason
from latest_orders as latest
left join unknown_users as unknown_user_id on latest."user_id" = unknown_user_id._key
where
    unknown_user_id._key is not null;

-- line_outcomes
-- one row per dataset and outcome: how many lines had it
with
changed as (
    select
        'users' as dataset,
        'nulled_' as change,
        unnest(_nulled) as column_name
    from lines_users
    where _reason is null and _nulled is not null
    union all
    select
        'users' as dataset,
        'rounded_' as change,
        unnest(_rounded) as column_name
    from lines_users
    where _reason is null and _rounded is not null
    union all
    select
        'events' as dataset,
        'nulled_' as change,
        unnest(_nulled) as column_name
    from lines_events
    where _reason is null and _nulled is not null
    union all
    select
        'events' as dataset,
        'rounded_' as change,
        unnest(_rounded) as column_name
    from lines_events
    where _reason is null and _rounded is not null
    union all
    select
        'orders' as dataset,
        'nulled_' as change,
        unnest(_nulled) as column_name
    from lines_orders
    where _reason is null and _nulled is not null
    union all
    select
        'orders' as dataset,
        'rounded_' as change,
        unnest(_rounded) as column_name
    from lines_orders
    where _reason is null and _rounded is not null
)

select
    'users' as dataset,
    'read' as outcome,
    count(*) as line_count
from lines_users

union all

select
    'users' as dataset,
    'used' as outcome,
    count(*) as line_count
from stg_users

union all

select
    'users' as dataset,
    'deduplicated' as outcome,
    count(*) as line_count
from repeated_users
where _verdict = 'deduplicated'

union all

select
    'events' as dataset,
    'read' as outcome,
    count(*) as line_count
from lines_events

union all

select
    'events' as dataset,
    'used' as outcome,
    count(*) as line_count
from stg_events

union all

select
    'events' as dataset,
    'deduplicated' as outcome,
    count(*) as line_count
from repeated_events
where _verdict = 'deduplicated'

union all

select
    'orders' as dataset,
    'read' as outcome,
    count(*) as line_count
from lines_orders

union all

select
    'orders' as dataset,
    'used' as outcome,
    count(*) as line_count
from stg_orders

union all

select
    'orders' as dataset,
    'deduplicated' as outcome,
    count(*) as line_count
from repeated_orders
where _verdict = 'deduplicated'

union all

select
    dataset,
    reason as outcome,
    count(*) as line_count
from rejected_lines
group by dataset, reason

union all

select
    dataset,
    concat(change, column_name) as outcome,
    count(*) as line_count
from changed
group by dataset, change, column_name;

-- user_activity
-- one row per user: what the user did and bought; users without activity have zeros
with events as (
    select
        user_id,
        count(*) as event_count,
        count(distinct session_id) as session_count,
        count(distinct cast(occurred_at as date)) as active_days,
        count(case when event_type = 'page_view' then 1 end) as page_view_count,
        count(case when event_type = 'search' then 1 end) as search_count,
        count(case when event_type = 'product_view' then 1 end) as product_view_count,
        count(case when event_type = 'add_to_cart' then 1 end) as add_to_cart_count,
        count(case when event_type = 'checkout' then 1 end) as checkout_count,
        count(case when event_type = 'purchase' then 1 end) as purchase_count,
        min(occurred_at) as first_event_at,
        max(occurred_at) as last_event_at
    from stg_events
    group by
        user_id
), orders as (
    select
        user_id,
        count(*) as order_count,
        count(case when status in ('paid', 'shipped', 'delivered') then 1 end) as paid_order_count,
        count(case when status = 'cancelled' then 1 end) as cancelled_order_count,
        count(case when status = 'refunded' then 1 end) as refunded_order_count,
        count(case when amount is null then 1 end) as orders_without_amount,
        cast(sum(case when status in ('paid', 'shipped', 'delivered') then amount end) as decimal(22, 2)) as revenue,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at
    from stg_orders
    group by
        user_id
)
select
    users.user_id,
    users.full_name,
    users.country,
    users.city,
    users.signed_up_at,
    users.marketing_opt_in,
    coalesce(events.event_count, 0) as event_count,
    coalesce(events.session_count, 0) as session_count,
    coalesce(events.active_days, 0) as active_days,
    coalesce(events.page_view_count, 0) as page_view_count,
    coalesce(events.search_count, 0) as search_count,
    coalesce(events.product_view_count, 0) as product_view_count,
    coalesce(events.add_to_cart_count, 0) as add_to_cart_count,
    coalesce(events.checkout_count, 0) as checkout_count,
    coalesce(events.purchase_count, 0) as purchase_count,
    events.first_event_at,
    events.last_event_at,
    coalesce(orders.order_count, 0) as order_count,
    coalesce(orders.paid_order_count, 0) as paid_order_count,
    coalesce(orders.cancelled_order_count, 0) as cancelled_order_count,
    coalesce(orders.refunded_order_count, 0) as refunded_order_count,
    coalesce(orders.orders_without_amount, 0) as orders_without_amount,
    try_cast(cast(coalesce(orders.revenue, 0) as decimal(22, 2)) as decimal(18, 2)) as revenue,
    try_cast(cast(divided(
        cast(cast(cast(coalesce(orders.revenue, 0) as decimal(22, 2)) as decimal(38, 2)) * 100 as int128) * 10000000000000000,
        cast(nullif(orders.paid_order_count, 0) as int128)
    ) * 0.000000000000000001 as decimal(38, 18)) as decimal(18, 2)) as average_order_value,
    orders.first_order_at,
    orders.last_order_at,
    cast(coalesce(orders.paid_order_count, 0) as double) / nullif(events.session_count, 0) as conversion_rate
from stg_users as users
left join events
    on users.user_id = events.user_id
left join orders
    on users.user_id = orders.user_id;

-- country_revenue
-- one row per country: its users, those who bought, their orders and what they paid
select
    country,
    count(*) as user_count,
    count(case when paid_order_count > 0 then 1 end) as buyer_count,
    cast(sum(user_activity.order_count) as bigint) as order_count,
    try_cast(cast(sum(user_activity.revenue) as decimal(28, 2)) as decimal(18, 2)) as revenue
from user_activity
group by
    country;

-- what is told of user_activity
select
    count(*) as rows,
    cast(sum(event_count) as bigint) as "total:events",
    cast(sum(order_count) as bigint) as "total:orders",
    cast(sum(session_count) as bigint) as "total:sessions",
    cast(sum(revenue) as decimal(28, 2)) as "total:revenue",
    (
        select
            count(*) > 0
        from (
            select
                user_id,
                count(*) as _rows
            from user_activity
            group by
                user_id
            having
                count(*) > 1
        ) as offenders
    ) as "failed:unique_key",
    count(
        case
            when not (
                not user_id is null
                and not full_name is null
                and not country is null
                and not city is null
                and not signed_up_at is null
                and not marketing_opt_in is null
                and not event_count is null
                and not session_count is null
                and not active_days is null
                and not page_view_count is null
                and not search_count is null
                and not product_view_count is null
                and not add_to_cart_count is null
                and not checkout_count is null
                and not purchase_count is null
                and not order_count is null
                and not paid_order_count is null
                and not cancelled_order_count is null
                and not refunded_order_count is null
                and not orders_without_amount is null
                and not revenue is null
            )
            then 1
        end
    ) > 0 as "failed:not_null",
    count(
        case
            when not (
                least(
                    event_count,
                    session_count,
                    active_days,
                    order_count,
                    paid_order_count,
                    cancelled_order_count,
                    refunded_order_count,
                    orders_without_amount
                ) >= 0
            )
            then 1
        end
    ) > 0 as "failed:nothing_is_negative",
    count(
        case
            when not (
                event_count = (
                    (
                        (
                            (
                                page_view_count + search_count
                            ) + product_view_count
                        ) + add_to_cart_count
                    ) + checkout_count
                ) + purchase_count
            )
            then 1
        end
    ) > 0 as "failed:event_types_add_up",
    count(case when not (
        first_event_at <= last_event_at
    ) then 1 end) > 0 as "failed:events_are_in_order",
    count(case when not (
        first_order_at <= last_order_at
    ) then 1 end) > 0 as "failed:orders_are_in_order",
    count(
        case
            when not (
                (
                    paid_order_count + cancelled_order_count
                ) + refunded_order_count <= order_count
            )
            then 1
        end
    ) > 0 as "failed:states_fit_in_orders",
    coalesce(count(*), 0) <> coalesce((
        select
            count(*)
        from stg_users
    ), 0) as "failed:every_user_once",
    coalesce(cast(sum(event_count) as bigint), 0) <> coalesce(
        (
            select
                count(*)
            from stg_events
            where
                exists(
                    select
                        stg_users.user_id,
                        stg_users.full_name,
                        stg_users.email,
                        stg_users.country,
                        stg_users.city,
                        stg_users.signed_up_at,
                        stg_users.marketing_opt_in
                    from stg_users
                )
        ),
        0
    ) as "failed:every_event_once",
    coalesce(cast(sum(revenue) as decimal(28, 2)), 0) <> coalesce(
        (
            select
                cast(sum(amount) as decimal(22, 2))
            from stg_orders
            where
                status in ('paid', 'shipped', 'delivered')
                and exists(
                    select
                        stg_users.user_id,
                        stg_users.full_name,
                        stg_users.email,
                        stg_users.country,
                        stg_users.city,
                        stg_users.signed_up_at,
                        stg_users.marketing_opt_in
                    from stg_users
                )
        ),
        0
    ) as "failed:revenue_is_what_was_paid",
    printf('%016X', bit_xor(hash("user_id", "full_name", "country", "city", "signed_up_at", "marketing_opt_in", "event_count", "session_count", "active_days", "page_view_count", "search_count", "product_view_count", "add_to_cart_count", "checkout_count", "purchase_count", "first_event_at", "last_event_at", "order_count", "paid_order_count", "cancelled_order_count", "refunded_order_count", "orders_without_amount", "revenue", "average_order_value", "first_order_at", "last_order_at", "conversion_rate", "first_event_at" is null, "last_event_at" is null, "average_order_value" is null, "first_order_at" is null, "last_order_at" is null, "conversion_rate" is null))) as row_hash
from user_activity;

-- what is told of country_revenue
select
    count(*) as rows,
    cast(sum(user_count) as bigint) as "total:users",
    cast(sum(revenue) as decimal(28, 2)) as "total:revenue",
    (
        select
            count(*) > 0
        from (
            select
                country,
                count(*) as _rows
            from country_revenue
            group by
                country
            having
                count(*) > 1
        ) as offenders
    ) as "failed:unique_key",
    count(
        case
            when not (
                not country is null
                and not user_count is null
                and not buyer_count is null
                and not order_count is null
                and not revenue is null
            )
            then 1
        end
    ) > 0 as "failed:not_null",
    count(case when not (
        buyer_count <= user_count
    ) then 1 end) > 0 as "failed:buyers_are_users",
    coalesce(cast(sum(user_count) as bigint), 0) <> coalesce((
        select
            count(*)
        from user_activity
    ), 0) as "failed:every_user_once",
    coalesce(cast(sum(revenue) as decimal(28, 2)), 0) <> coalesce((
        select
            cast(sum(revenue) as decimal(28, 2))
        from user_activity
    ), 0) as "failed:revenue_is_that_of_the_users",
    printf('%016X', bit_xor(hash("country", "user_count", "buyer_count", "order_count", "revenue"))) as row_hash
from country_revenue;
