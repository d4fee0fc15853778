"""Each folder of tests/sql is a case: lines in, and what a relation says of them, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from contract import load
from scripts.previewing.engine import relations

ROOT = Path(__file__).resolve().parents[3]
CASES = sorted((ROOT / "tests" / "sql").glob("*/*/case.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_case(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = {name: [row.encode() for row in rows] for name, rows in case["lines"].items()}
    connection = relations(load(ROOT / "config" / "pipeline.yaml"), lines)
    found = connection.sql(f"from {path.parts[-3]}").to_arrow_table().to_pylist()
    columns = case["expect"][0].keys()
    assert sorted(shown(row, columns) for row in found) == [
        shown(row, columns) for row in case["expect"]
    ]


def shown(row: dict[str, Any], columns: Any) -> list[str]:
    """The row as text, in the columns that matter to the case."""
    return [str(row[column]) for column in columns]


def test_there_are_cases() -> None:
    assert len(CASES) >= 5
