-- one row per device: when it was last heard of, and what went wrong
with
heard as (
    select
        device,
        max(at) as last_reading_at,
        count(*) as reading_count
    from stg_readings
    group by device
),

told as (
    select
        device,
        count(*) as alert_count,
        max(cast(get_json_object(details, '$.over') as int)) as most_over,
        count_if(get_json_object(details, '$.codes[0]') = 'GAP') as gap_count
    from stg_alerts
    group by device
)

select
    devices.device,
    devices.site,
    upper(devices.model) as model,
    devices.active,
    devices.installed,
    datediff(heard.last_reading_at, devices.installed) as days_in_use,
    heard.last_reading_at,
    coalesce(heard.reading_count, 0) as reading_count,
    coalesce(told.alert_count, 0) as alert_count,
    told.most_over,
    coalesce(told.gap_count, 0) as gap_count
from stg_devices as devices
left join heard on devices.device = heard.device
left join told on devices.device = told.device
