"""What the flights example must come to, in plain Python over the sample files."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]
CENT = Decimal("0.01")


def expected(folder: Path) -> dict[str, list[Row]]:
    """Table to rows."""
    airlines = {row["code"]: row["name"] for row in _json(folder / "airlines.json")["airlines"]}
    airports = {row["code"]: row["name"] for row in _json(folder / "airports.json")}
    planned = _planned(_json(folder / "flights.json"), airlines, airports)
    left = [flight for flight in planned if not flight["cancelled"]]
    winds = {
        (row["airport"], row["hour"]): (row["wind"], Decimal(row["rain"]))
        for row in map(json.loads, (folder / "weather.json").read_text().splitlines())
    }
    punctuality = [_carrier(code, name, planned, left) for code, name in airlines.items()]
    return {
        "carrier_punctuality": punctuality,
        "route_summary": _routes(left, airports),
        "carrier_ranking": _ranking(punctuality),
        "wind_and_delay": _by_wind(left, winds),
    }


def _json(path: Path) -> Any:
    return json.loads(path.read_text())


def _planned(lines: list[Row], airlines: Row, airports: Row) -> list[Row]:
    """The flights that count: the latest line of each key, of known airlines and airports."""
    latest: dict[Any, Row] = {}
    for line in lines:
        key = line["schedule"]["day"], line["airline"]["code"], line["airline"]["flight"]
        if key not in latest or line["updated_at"] > latest[key]["updated_at"]:
            latest[key] = line
    return [
        line
        for line in latest.values()
        if line["airline"]["code"] in airlines and line["route"]["from"] in airports
    ]


def _fare(flight: Row) -> Decimal | None:
    return None if flight["fare"] == "on request" else Decimal(flight["fare"])


def _carrier(code: str, name: str, planned: list[Row], left: list[Row]) -> Row:
    mine = [flight for flight in planned if flight["airline"]["code"] == code]
    flown = [flight for flight in left if flight["airline"]["code"] == code]
    delays = [float(flight["delay"]["departure"]) for flight in flown]
    return {
        "carrier": code,
        "name": name,
        "flight_count": len(mine),
        "cancelled_count": len(mine) - len(flown),
        "on_time_count": sum(delay <= 15 for delay in delays),
        "mean_delay": float((Decimal(sum(delays)) / len(delays)).quantize(CENT, ROUND_HALF_UP)),
        "worst_delay": max(delays),
        "fare_total": sum((_fare(one) or Decimal(0) for one in flown), Decimal("0.00")),
    }


def _routes(left: list[Row], airports: Row) -> list[Row]:
    routes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for flight in left:
        routes[flight["route"]["from"], flight["route"]["to"]].append(flight)
    rows = []
    for (start, end), flights in routes.items():
        fares = [fare for fare in map(_fare, flights) if fare is not None]
        mean = (sum(fares, Decimal(0)) / len(fares)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        rows.append(
            {
                "origin": start,
                "dest": end,
                "route": f"{airports[start]} - {airports[end]}",
                "flight_count": len(flights),
                "carrier_count": len({one["airline"]["code"] for one in flights}),
                "lowest_fare": min(fares),
                "mean_fare": mean,
                "last_day": max(date.fromisoformat(one["schedule"]["day"]) for one in flights),
            }
        )
    return rows


def _ranking(punctuality: list[Row]) -> list[Row]:
    fares = sum(row["fare_total"] for row in punctuality)
    ordered = sorted(
        punctuality, key=lambda row: (-row["on_time_count"] / row["flight_count"], row["carrier"])
    )
    return [
        {
            "place": place,
            "carrier": row["carrier"],
            "name": row["name"],
            "on_time_share": round(row["on_time_count"] / row["flight_count"], 4),
            "fare_share": (row["fare_total"] / fares).quantize(Decimal("0.0001"), ROUND_HALF_UP),
        }
        for place, row in enumerate(ordered, 1)
    ]


def _by_wind(left: list[Row], winds: dict[tuple[str, str], tuple[float, Decimal]]) -> list[Row]:
    groups: dict[str, list[tuple[float, Decimal | None]]] = defaultdict(list)
    for flight in left:
        hour = flight["schedule"]["departure"][:13] + ":00:00Z"
        wind, rain = winds.get((flight["route"]["from"], hour), (None, None))
        name = "strong"
        if wind is None:
            name = "not measured"
        elif wind < 15:
            name = "light" if wind < 6 else "fresh"
        groups[name].append((float(flight["delay"]["departure"]), rain))
    rows = []
    for name, members in groups.items():
        rains = [rain for _, rain in members if rain is not None]
        rows.append(
            {
                "wind": name,
                "flight_count": len(members),
                "mean_delay": sum(delay for delay, _ in members) / len(members),
                "rain_total": sum(rains, Decimal("0.00")) if rains else None,
            }
        )
    return rows
