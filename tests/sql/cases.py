"""Each folder here is a case: lines in, and what a relation says of them, as data.

The cases of one relation have ids of their own, so that they can also be run as one batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
OF_VIEWS = sorted(Path(__file__).parent.glob("*/*/case.yaml"))
OF_TABLES = sorted((ROOT / "config" / "tests").glob("*/*.yaml"))
PATHS = [*OF_VIEWS, *OF_TABLES]


def relation_of(path: Path) -> str:
    """The view or table that a case is of."""
    return path.parts[-3] if path in OF_VIEWS else path.parts[-2]


RELATIONS = sorted({relation_of(path) for path in PATHS})


@dataclass(frozen=True)
class Case:
    """Lines of each dataset, and rows of a relation in the columns that matter."""

    relation: str
    lines: dict[str, list[bytes]]
    expect: list[dict[str, Any]]


def load(path: Path) -> Case:
    """The case of a file."""
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    given = case["lines"] if path in OF_VIEWS else case["given"]
    lines = {name: [row.encode() for row in rows] for name, rows in given.items()}
    return Case(relation_of(path), lines, case["expect"])


def name(path: Path) -> str:
    """How a test of the case is called."""
    case = path.parts[-2] if path in OF_VIEWS else path.stem
    return f"{relation_of(path)}-{case}"


def require(cases: Sequence[Case], rows: Sequence[Mapping[str, Any]]) -> None:
    """Asserts that the rows are those of the cases, no more and no less, in any order."""
    assert len(rows) == sum(len(case.expect) for case in cases)
    for case in cases:
        columns = case.expect[0].keys()
        missing = Counter(shown(row, columns) for row in case.expect)
        missing.subtract(shown(row, columns) for row in rows)
        assert not +missing, [shown(row, columns) for row in rows]


def shown(row: Mapping[str, Any], columns: Iterable[str]) -> tuple[str, ...]:
    """A row as text, in some of its columns."""
    return tuple(str(row[column]) for column in columns)
