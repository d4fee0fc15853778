"""What the sensors example must come to, in plain Python over the sample files."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]
CENT = Decimal("0.01")


def expected(folder: Path) -> dict[str, list[Row]]:
    """Table to rows."""
    sites = {row["site"]: row["name"] for row in _csv((folder / "sites.csv").read_bytes(), ";")}
    devices = {
        row["device"]: row
        for row in _csv(gzip.decompress((folder / "devices.csv.gz").read_bytes()))
        if row["site"] in sites
    }
    readings = [
        row
        for path in sorted(folder.glob("readings-*.csv.gz"))
        for row in _csv(gzip.decompress(path.read_bytes()))
        if row["device"] in devices
    ]
    alerts = [json.loads(line) for line in (folder / "alerts.json").read_text().splitlines()]
    days = _device_days(readings, devices)
    return {
        "device_days": days,
        "site_days": _site_days(days, devices, sites),
        "device_health": _health(readings, devices, alerts),
    }


def _csv(content: bytes, separator: str = ",") -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=separator))


def _moment(text: str, units: int) -> datetime:
    return datetime.fromtimestamp(int(text) / units, UTC)


def _half_up(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _mean(values: list[Decimal]) -> Decimal:
    """The average of decimals with two places has six."""
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _device_days(readings: list[Row], devices: dict[str, Row]) -> list[Row]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in readings:
        groups[row["device"], _moment(row["at"], 1000).date()].append(row)
    rows = []
    for (device, day), members in groups.items():
        limit = Decimal(devices[device]["limit"].strip() or "35")
        found = [Decimal(one["temperature"]) for one in members if one["temperature"] != "n/a"]
        rows.append(
            {
                "device": device,
                "day": day,
                "reading_count": len(members),
                "lowest": min(found),
                "highest": max(found),
                "mean_temperature": _half_up(_mean(found)),
                "too_hot_count": sum(one > limit for one in found),
                "low_battery_count": sum(
                    bool(one["battery"]) and float(one["battery"]) < 20 for one in members
                ),
            }
        )
    return rows


def _site_days(days: list[Row], devices: dict[str, Row], sites: dict[str, str]) -> list[Row]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in days:
        groups[devices[row["device"]]["site"], row["day"]].append(row)
    rows = []
    for (site, day), members in groups.items():
        count = sum(one["reading_count"] for one in members)
        rows.append(
            {
                "site": site,
                "name": sites[site],
                "day": day,
                "device_count": len(members),
                "reading_count": count,
                "highest": max(one["highest"] for one in members),
                "readings_per_device": _half_up(Decimal(count) / len(members)),
            }
        )
    return rows


def _health(readings: list[Row], devices: dict[str, Row], alerts: list[Row]) -> list[Row]:
    rows = []
    for name, device in devices.items():
        times = [_moment(row["at"], 1000) for row in readings if row["device"] == name]
        told = [row["details"] for row in alerts if row["device"] == name]
        installed = _moment(device["installed"], 1)
        last = max(times, default=None)
        rows.append(
            {
                "device": name,
                "site": device["site"],
                "model": device["model"].upper(),
                "active": device["active"].lower() in ("yes", "1", "true"),
                "installed": installed,
                "days_in_use": (last.date() - installed.date()).days if last else None,
                "last_reading_at": last,
                "reading_count": len(times),
                "alert_count": len(told),
                "most_over": max((one["over"] for one in told), default=None),
                "gap_count": sum(one["codes"][0] == "GAP" for one in told),
            }
        )
    return rows
