"""Made-up sensors of one week: CSV, gzip, parts with a manifest, readings without a key."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime, timedelta

NAME = "sensors"
SEED = 11
START = datetime(2026, 5, 4, tzinfo=UTC)
SITES = {
    "S1": ("Harbour; east", "NO", "20180401", "1250.5"),
    "S2": ("Mill", "DK", "20201115", "890"),
    "S3": ('The "old" yard', "SE", "", "2100.25"),
}
DEVICE_COUNT, PARTS, READINGS = 24, 3, 6000


def files() -> dict[str, bytes]:
    """File name to content."""
    rng = random.Random(SEED)
    devices = [f"D-{number:03}" for number in range(1, DEVICE_COUNT + 1)]
    readings = _readings(rng, devices)
    made = {
        "sites.csv": _sites(),
        "devices.csv.gz": _packed(_devices(rng, devices)),
        "alerts.json": _alerts(rng, devices),
    }
    for part in range(PARTS):
        made[f"readings-{part + 1:04}.csv.gz"] = _packed(_csv(readings[part::PARTS]))
    names = json.dumps({"version": 1, "files": sorted(made)}, indent=2).encode() + b"\n"
    return made | {"_manifest.json": names}


def _sites() -> bytes:
    rows = ["site;name;country;opened;area"]
    for site, (name, *others) in SITES.items():
        quoted = '"' + name.replace('"', '""') + '"'
        rows.append(";".join((site, quoted, *others)))
    return ("\r\n".join(rows) + "\r\n").encode()


def _devices(rng: random.Random, devices: list[str]) -> bytes:
    rows = ["device,site,model,installed,active,limit"]
    for device in devices:
        installed = int((START - timedelta(days=rng.randrange(30, 900))).timestamp())
        active = rng.choice(["yes", "Yes", "no", "1", "true"])
        limit = rng.choice(["28.50", " 30 ", "31.5", ""])
        site = rng.choice(list(SITES))
        rows.append(f"{device},{site},{rng.choice(['T1', 'T2'])},{installed},{active},{limit}")
    rows.append("D-900,S9,T1,1700000000,no,30")  # at a site that nobody knows: rejected
    return ("\n".join(rows) + "\n").encode()


def _readings(rng: random.Random, devices: list[str]) -> list[str]:
    rows = []
    for _ in range(READINGS):
        device = rng.choice(devices[:-2])  # two never send anything
        at = int(START.timestamp() * 1000) + rng.randrange(7 * 86_400_000)
        temperature = f"{rng.gauss(21, 5):.2f}"
        battery = rng.choice(["100", "87.0", "45", "9", ""])
        rows.append(f"{device},{at},{temperature},{rng.randrange(30, 90)},{battery}")
    rows[50] = f"D-404,{int(START.timestamp() * 1000)},20.00,50,80"  # of no device: rejected
    rows[70] = rows[70].replace(rows[70].split(",")[2], "n/a")  # a wrong optional value is null
    rows[90] = rows[91]  # the same measurement twice: without a key both count
    return rows


def _alerts(rng: random.Random, devices: list[str]) -> bytes:
    rows = []
    for number in range(60):
        at = START + timedelta(minutes=rng.randrange(7 * 1440))
        details = {"over": rng.choice([1, 2, 5]), "codes": rng.sample(["HOT", "LOW", "GAP"], 2)}
        row = {"alert": number + 1, "device": rng.choice(devices), "at": f"{at:%Y-%m-%d %H:%M:%S}"}
        rows.append(row | {"kind": rng.choice(["heat", "battery"]), "details": details})
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _csv(rows: list[str]) -> bytes:
    return ("\n".join(["device,at,temperature,humidity,battery", *rows]) + "\n").encode()


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
