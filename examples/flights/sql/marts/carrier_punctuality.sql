-- one row per airline: how many flights were planned, left and left in time
with
planned as (
    select
        carrier,
        count(*) as flight_count,
        count_if(cancelled) as cancelled_count
    from stg_flights
    group by carrier
),

flown as (
    select
        carrier,
        count_if(departure_delay <= 15) as on_time_count,
        avg(departure_delay) as mean_delay,
        max(departure_delay) as worst_delay,
        sum(fare) as fare_total
    from departures
    group by carrier
)

select
    airlines.carrier,
    airlines.name,
    coalesce(planned.flight_count, 0) as flight_count,
    coalesce(planned.cancelled_count, 0) as cancelled_count,
    coalesce(flown.on_time_count, 0) as on_time_count,
    round(flown.mean_delay, 2) as mean_delay,
    flown.worst_delay,
    coalesce(flown.fare_total, 0) as fare_total
from stg_airlines as airlines
left join planned on airlines.carrier = planned.carrier
left join flown on airlines.carrier = flown.carrier
