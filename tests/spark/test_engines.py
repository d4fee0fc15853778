"""Both engines come to the same on the same dirty lines: rows, counts, quarantine and report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from lakegate.contract import Contract
from tests.duckdb import computed
from tests.spark import batches
from tests.spark.conftest import Dirty
from tests.spark.test_against_oracle import said_of


def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=str)


def test_duckdb_and_spark_come_to_the_same(
    contract: Contract, dirty: Dirty, tmp_path: Path
) -> None:
    report = computed.run(contract, dirty.lines, tmp_path)
    for table, rows in dirty.produced.tables.items():
        found = batches.read(tmp_path / "gold" / table)
        assert ordered(found) == ordered(rows), (table, dirty.again)
    for dataset, rejected in dirty.produced.rejected.items():
        told = [
            (row["reason"], row["line_bytes"] or row["line"].encode())
            for row in batches.read(tmp_path / "rows" / dataset)
        ]
        assert Counter(said_of(dataset, *line) for line in told) == Counter(
            said_of(dataset, *line) for line in rejected
        ), dirty.again
    of_spark = dirty.produced.report
    assert report.datasets == of_spark.datasets, dirty.again
    assert {check.name: check.holds for check in report.checks} == {
        check.name: check.holds for check in of_spark.checks
    }
    for table, facts in of_spark.gold.items():
        assert {name: report.gold[table][name] for name in ("rows", "totals")} == {
            name: facts[name] for name in ("rows", "totals")
        }
