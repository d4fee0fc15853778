"""Runs the job's transformation on lines that a test has at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.produce import Targets, produce
from lakegate.transform.render import render
from lakegate.transform.report import Report

Lines = Mapping[str, Iterable[bytes]]


@dataclass(frozen=True)
class Produced:
    """What a run left: rows by table, outcome counts, rejected lines, the report and the number of
    files by table."""

    tables: dict[str, list[dict[str, Any]]]
    outcomes: dict[str, dict[str, int]]
    rejected: dict[str, list[tuple[str, bytes]]]
    report: Report
    files: dict[str, int]

    def by(self, table: str, column: str) -> dict[Any, dict[str, Any]]:
        """The rows of a table by a column that is unique in it."""
        rows = self.tables[table]
        found = {row[column]: row for row in rows}
        assert len(found) == len(rows)
        return found

    @property
    def gold(self) -> dict[int, dict[str, Any]]:
        """The rows of the demo's first table by user."""
        return self.by("user_activity", "user_id")


def write(folder: Path, lines: Lines, parts: int = 1) -> dict[str, tuple[str, ...]]:
    """The URIs of the files that the lines of each dataset were dealt out to."""
    uris: dict[str, tuple[str, ...]] = {}
    for name, rows in lines.items():
        dealt = list(rows)
        paths = [folder / f"{name}-{part:04}.json" for part in range(parts)]
        for part, path in enumerate(paths):
            path.write_bytes(b"".join(line + b"\n" for line in dealt[part::parts]))
        uris[name] = tuple(path.as_uri() for path in paths)
    return uris


def run(
    spark: SparkSession,
    contract: Contract,
    uris: Mapping[str, tuple[str, ...]],
    folder: Path,
) -> Produced:
    """The outcome of a run over files; gold and quarantine are read back without Spark."""
    gold = {name: folder / "gold" / name for name in contract.gold_tables}
    quarantine = {name: folder / "rows" / name for name in contract.read}
    targets = Targets(
        {name: path.as_uri() for name, path in gold.items()},
        {name: path.as_uri() for name, path in quarantine.items()},
    )
    report = Report("default", "r1", 1, "jr_1", "2026-11-22T00:00:00Z", {})
    files = {name: tuple(SilverFile(uri) for uri in uris.get(name, ())) for name in contract.read}
    project = Project(contract, render(contract, "spark"))
    with SparkEngine(spark, contract) as engine:
        produce(engine, project, files, targets, report)
    rejected = {
        name: [(row["reason"], row["line_bytes"] or row["line"].encode()) for row in read(path)]
        for name, path in quarantine.items()
    }
    rows = {name: read(path) for name, path in gold.items()}
    assert {name: len(found) for name, found in rows.items()} == {
        name: facts["rows"] for name, facts in report.gold.items()
    }
    count = {name: len(list(path.glob("*.parquet"))) for name, path in gold.items()}
    return Produced(rows, report.datasets, rejected, report, count)


def read(folder: Path) -> list[dict[str, Any]]:
    """The rows of a folder of Parquet files; none if there is no such folder."""
    if not folder.exists():
        return []
    rows: list[dict[str, Any]] = []
    for path in folder.glob("*.parquet"):
        rows.extend(pq.read_table(path).to_pylist())
    return [{name: in_utc(value) for name, value in row.items()} for row in rows]


def in_utc(value: Any) -> Any:
    """Instants with their zone, everything else as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return value
