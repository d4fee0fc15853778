"""Made-up flights of one week: nested objects, one array a file, a key of several columns."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta
from typing import Any

NAME = "flights"
SEED = 7
DAYS = [date(2026, 3, 2) + timedelta(days=day) for day in range(7)]
AIRLINES = {"NA": "North Air", "SK": "Skerry Lines", "TW": "Two Rivers", "VX": "Vexin Express"}
AIRPORTS = {
    "ARN": ("Arnholt", 59.65, 17.92),
    "BRE": ("Bremberg", 53.05, 8.79),
    "COR": ("Corvale", 51.84, -8.49),
    "DUN": ("Dunmere", 56.45, -3.03),
    "ELL": ("Ellisport", 47.59, 7.53),
}
Planned = tuple[str, int, str, str, int]  # airline, number, from, to, minute of the day
MAKERS = ("Aerolux", "Bowman", "Cielo")


def files() -> dict[str, bytes]:
    """File name to content."""
    rng = random.Random(SEED)
    planes = [f"N{number}" for number in range(100, 140)]
    trips = _flights(rng, planes)
    return {
        "airlines.json": _pretty(
            {"airlines": [{"code": c, "name": n} for c, n in AIRLINES.items()]}
        ),
        "airports.json": _pretty([_airport(code) for code in AIRPORTS]),
        "planes.jsonl": b"".join(_line(_plane(rng, tail)) for tail in planes),
        "flights.json": b"[\n" + b",\n".join(_line(trip)[:-1] for trip in trips) + b"\n]\n",
        "weather.json": b"".join(_line(hour) for hour in _weather(rng)),
    }


def _airport(code: str) -> dict[str, Any]:
    name, latitude, longitude = AIRPORTS[code]
    return {"code": code, "name": name, "location": {"lat": latitude, "lon": longitude}}


def _plane(rng: random.Random, tail: str) -> dict[str, Any]:
    built = rng.choice([1998, 2005, 2012, 2019, None])
    return {
        "tail": tail,
        "maker": rng.choice(MAKERS),
        "built": built,
        "seats": rng.choice([50, 120, 180]),
    }


def _flights(rng: random.Random, planes: list[str]) -> list[dict[str, Any]]:
    numbers: list[Planned] = [
        (carrier, number, start, end, rng.randrange(5 * 60, 22 * 60, 5))
        for carrier in AIRLINES
        for number in sorted(rng.sample(range(100, 999), 24))
        for start, end in (rng.sample(list(AIRPORTS), 2),)
    ]
    trips = [_flight(rng, day, number, rng.choice(planes)) for day in DAYS for number in numbers]
    trips[40]["route"]["from"] = "ZZZ"  # an airport that nobody knows: the line is rejected
    trips[80]["airline"]["code"] = "QQ"  # nor this airline
    for place in (100, 200):
        trips[place]["tail"] = "N999"  # a plane that nobody knows: the line is kept
    trips[300]["fare"] = "on request"  # a wrong optional value becomes null
    trips.append(json.loads(json.dumps(trips[10])))  # the same flight again, alike in all
    later = json.loads(json.dumps(trips[11]))  # and one that was corrected
    later["updated_at"], later["delay"] = "2026-03-10T00:00:00Z", {"departure": 95, "arrival": 90}
    return [*trips, later]


def _flight(rng: random.Random, day: date, planned: Planned, tail: str) -> dict[str, Any]:
    carrier, number, start, end, minute = planned
    scheduled = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    cancelled = rng.random() < 0.03
    late = max(-10, int(rng.gauss(6, 22)))
    return {
        "schedule": {"day": day.isoformat(), "departure": f"{scheduled:%Y-%m-%dT%H:%M:00}Z"},
        "airline": {"code": carrier, "flight": number},
        "route": {"from": start, "to": end},
        "tail": tail,
        "cancelled": cancelled,
        "delay": None
        if cancelled
        else {"departure": late, "arrival": late + rng.randrange(-9, 10)},
        "fare": f"{rng.randrange(4900, 39900, 250) / 100:.2f}",
        "notes": rng.choice([[], [], [], ["de-iced"], ["gate changed", "late crew"]]),
        "updated_at": f"{scheduled + timedelta(hours=5):%Y-%m-%dT%H:%M:00}Z",
    }


def _weather(rng: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "airport": airport,
            "hour": f"{day.isoformat()}T{hour:02}:00:00Z",
            "wind": rng.choice([2.5, 5.0, 7.5, 12.0, 18.5]),
            "rain": f"{rng.choice([0, 0, 0, 0.2, 1.75, 6.4]):.2f}",
        }
        for day in DAYS
        for airport in AIRPORTS
        for hour in range(5, 22)
        if rng.random() > 0.05  # an hour that nobody measured
    ]


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode() + b"\n"


def _pretty(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"
