-- one row per device and UTC day: what it measured
select
    readings.device,
    to_date(readings.at) as day,
    count(*) as reading_count,
    min(readings.temperature) as lowest,
    max(readings.temperature) as highest,
    round(avg(readings.temperature), 2) as mean_temperature,
    count_if(readings.temperature > devices.limit) as too_hot_count,
    count_if(readings.battery < 20) as low_battery_count
from stg_readings as readings
inner join stg_devices as devices on readings.device = devices.device
group by readings.device, to_date(readings.at)
