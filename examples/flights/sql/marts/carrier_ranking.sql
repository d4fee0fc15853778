-- one row per airline: its place among all by the share of flights that left in time
select
    row_number() over (
        order by on_time_count / flight_count desc, carrier
    ) as place,
    carrier,
    name,
    round(on_time_count / flight_count, 4) as on_time_share,
    cast(fare_total / nullif(sum(fare_total) over (), 0) as decimal(6, 4)) as fare_share
from carrier_punctuality
where flight_count > 0
