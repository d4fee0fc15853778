"""A small project of another domain, written out for tests."""

from __future__ import annotations

from pathlib import Path

from lakegate import contract

YAML = """\
version: 2
project: flights
datasets:
  airlines:
    primary_key: carrier
    columns:
      - {name: carrier, type: string}
      - {name: title, type: string}
  flights:
    primary_key: [day, carrier, number]
    latest_by: updated
    references: {carrier: airlines}
    columns:
      - {name: day, type: date, required: true}
      - {name: carrier, type: string}
      - {name: number, type: int, source: flight.number}
      - {name: updated, type: timestamp, epoch: ms}
      - {name: delay, type: double, default: 0}
      - {name: state, type: string, allowed: [on, off, no], default: no}
gold_tables:
  punctuality:
    grain: carrier
"""
MART = "select carrier, count(*) as flight_count from stg_flights group by carrier\n"


def write(folder: Path, yaml: str = YAML, **sql: str) -> Path:
    """The project in a folder; `sql` by `marts_<table>` or `staging_<view>`."""
    texts = {"marts_punctuality": MART} | sql
    for name, text in texts.items():
        kind, _, stem = name.partition("_")
        path = folder / "sql" / kind / f"{stem}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path = folder / "pipeline.yaml"
    path.write_text(yaml, encoding="utf-8")
    return path


def faults(folder: Path, yaml: str = YAML, **sql: str) -> list[str]:
    """What is said of the project, paths relative to its folder."""
    try:
        contract.load(write(folder, yaml, **sql))
    except contract.ContractError as error:
        return [line.replace(f"{folder}/", "") for line in str(error).splitlines()]
    return []
