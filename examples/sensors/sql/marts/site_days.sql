-- one row per site and UTC day: all its devices together
select
    devices.site,
    sites.name,
    days.day,
    count(*) as device_count,
    sum(days.reading_count) as reading_count,
    max(days.highest) as highest,
    cast(cast(sum(days.reading_count) as decimal(18, 0)) / count(*) as decimal(10, 2))
        as readings_per_device
from device_days as days
inner join stg_devices as devices on days.device = devices.device
inner join stg_sites as sites on devices.site = sites.site
group by devices.site, sites.name, days.day
