-- one row per pair of airports: flights, airlines and fares between them
select
    departures.origin,
    departures.dest,
    origins.name || ' - ' || coalesce(destinations.name, departures.dest) as route,
    count(*) as flight_count,
    count(distinct departures.carrier) as carrier_count,
    min(departures.fare) as lowest_fare,
    avg(departures.fare) as mean_fare,
    max(departures.day) as last_day
from departures
inner join stg_airports as origins on departures.origin = origins.airport
left join stg_airports as destinations on departures.dest = destinations.airport
group by departures.origin, departures.dest, origins.name, destinations.name
