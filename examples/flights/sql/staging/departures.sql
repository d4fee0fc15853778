-- one row per flight that left, with the weather of its hour where it was measured
select
    flights.day,
    flights.carrier,
    flights.flight,
    flights.origin,
    flights.dest,
    flights.departure_delay,
    flights.fare,
    planes.maker,
    weather.wind,
    weather.rain
from stg_flights as flights
left join stg_planes as planes on flights.tail = planes.tail
left join stg_weather as weather
    on
        flights.origin = weather.airport
        and date_trunc('hour', flights.scheduled_at) = weather.hour
where not flights.cancelled
