-- one row per strength of wind: how late flights left in it
select
    case
        when wind is null then 'not measured'
        when wind < 6 then 'light'
        when wind < 15 then 'fresh'
        else 'strong'
    end as wind,
    count(*) as flight_count,
    avg(departure_delay) as mean_delay,
    sum(rain) as rain_total
from departures
group by 1
