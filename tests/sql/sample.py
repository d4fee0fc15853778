"""A few rows with awkward values of every type, which expressions are tried on in both engines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from lakegate.transform.sql.functions import ALL

COLUMNS = {
    "k": "int",
    "i": "int",
    "b": "bigint",
    "x": "double",
    "m": "decimal(12,2)",
    "n": "decimal(10,4)",
    "s": "string",
    "t": "timestamp",
    "a": "date",
    "o": "boolean",
}


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


D = Decimal
ANSWERS = Path(__file__).with_name("spark_answers.json")
ROWS: list[tuple[Any, ...]] = [
    (
        1,
        1,
        10,
        0.285,
        D("0.01"),
        D("1.0050"),
        "abc",
        _at(2024, 2, 29, 23, 59, 59, 999999),
        date(2024, 2, 29),
        True,
    ),
    (
        2,
        -7,
        3,
        -2.5,
        D("-0.01"),
        D("-0.0001"),
        "a b",
        _at(2023, 12, 31, 0, 0),
        date(2023, 12, 31),
        False,
    ),
    (3, 0, 0, 0.0, D("0.00"), D("0.0000"), "", _at(1970, 1, 1), date(1970, 1, 1), None),
    (4, None, None, None, None, None, None, None, None, None),
    (
        5,
        7,
        -3,
        1234.5678,
        D("9999999999.99"),
        D("999999.9999"),
        "Zürich-bc",
        _at(1969, 12, 31, 23, 59, 59, 500000),
        date(1969, 12, 31),
        True,
    ),
    (
        6,
        100,
        5_000_000_000,
        1e15,
        D("2.50"),
        D("0.5000"),
        " a-b-c ",
        _at(2025, 1, 1, 12, 30, 15),
        date(2025, 1, 1),
        False,
    ),
    (
        7,
        2,
        2,
        2.675,
        D("3.35"),
        D("0.3350"),
        "b",
        _at(2021, 1, 3, 8, 5, 9, 120000),
        date(2021, 1, 3),
        True,
    ),
    (
        8,
        3,
        3,
        1.005,
        D("1.15"),
        D("3.0000"),
        "12.7",
        _at(1899, 6, 30, 1, 1, 1),
        date(1899, 6, 30),
        None,
    ),
    (9, 3, 7, 5e-7, D("100.00"), D("7.0000"), " -5 ", _at(2026, 8, 31), date(2026, 8, 31), False),
    (
        10,
        2147483,
        -9_000_000_000_000,
        -0.5,
        D("-1234.56"),
        D("-33.3333"),
        "😀x%_",
        _at(2024, 12, 30, 7),
        date(2024, 12, 30),
        True,
    ),
]
TEXTS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("expressions.yaml").read_text(encoding="utf-8")
)


def queries() -> list[tuple[str, str]]:
    """(what is shown, a query over `sample` with columns k and y)."""
    lines = {key: text.splitlines() for key, text in TEXTS.items()}
    single = (*lines["each"], *lines["windows"])
    each = [(text, f"select k, {text} as y from sample") for text in single]
    many = [(text, f"select o as k, {text} as y from sample group by o") for text in lines["many"]]
    for function in ALL:
        for text in function.shows:
            grouped = function.aggregate and " over " not in text
            sql = f"select {'o' if grouped else 'k'} as k, {text} as y from sample"
            (many if grouped else each).append((text, sql + (" group by o" if grouped else "")))
    where = [
        (f"where {text}", f"select k, i as y from sample where {text}") for text in lines["where"]
    ]
    return each + many + where


def table() -> pa.Table:
    """The rows as DuckDB takes them; instants are UTC."""
    columns = [
        pa.array([_naive(row[place]) for row in ROWS], type=_arrow(kind))
        for place, kind in enumerate(COLUMNS.values())
    ]
    return pa.table(columns, names=list(COLUMNS))


def encoded(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows as JSON has them, in the order of their first column."""
    return sorted(([_value(value) for value in row] for row in rows), key=lambda row: repr(row[0]))


def alike(left: list[list[Any]], right: list[list[Any]]) -> bool:
    """Whether encoded rows are the same; doubles but for their last digit."""
    return len(left) == len(right) and all(
        one == other or (isinstance(one, float) and math.isclose(one, other, rel_tol=1e-13))
        for a, b in zip(left, right, strict=True)
        for one, other in zip(a, b, strict=True)
    )


def _value(value: Any) -> Any:
    if isinstance(value, D):
        return f"{value.normalize():f}"
    return str(value) if isinstance(value, date) else value


def _naive(value: Any) -> Any:
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _arrow(kind: str) -> pa.DataType:
    if kind.startswith("decimal"):
        precision, scale = kind.removeprefix("decimal(").removesuffix(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    kinds = {"int": pa.int32(), "bigint": pa.int64(), "double": pa.float64(), "date": pa.date32()}
    others = {"string": pa.string(), "timestamp": pa.timestamp("us"), "boolean": pa.bool_()}
    return (kinds | others)[kind]
