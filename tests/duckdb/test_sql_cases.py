"""The cases of tests/sql on DuckDB; tests/spark runs the same on Spark."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakegate.contract import load
from tests.duckdb.computed import relations
from tests.sql import cases

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", cases.PATHS, ids=cases.name)
def test_case(path: Path) -> None:
    case = cases.load(path)
    with relations(load(ROOT / "config" / "pipeline.yaml"), case.lines) as connection:
        cases.require([case], connection.sql(f"from {case.relation}").to_arrow_table().to_pylist())


def test_there_are_cases() -> None:
    assert len(cases.PATHS) >= 5
