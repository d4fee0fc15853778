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
    "j": "json",
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
        '{"a": 1, "b": {"c": "x y", "d": [1, "two", null]}, "t": true, "n": null}',
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
        '{"a":"q\\"t","u":"\\u00fc\\n","i":-12345678901234567}',
    ),
    (3, 0, 0, 0.0, D("0.00"), D("0.0000"), "", _at(1970, 1, 1), date(1970, 1, 1), None, "not json"),
    (4, None, None, None, None, None, None, None, None, None, None),
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
        '{"a": {}, "b": {"c": ["z", {"y": 1}]}}',
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
        "[]",
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
        '{"A": 1, "a": ""}',
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
        '{"b": 3}',
    ),
    (
        9,
        3,
        7,
        5e-7,
        D("100.00"),
        D("7.0000"),
        " -5 ",
        _at(2026, 8, 31),
        date(2026, 8, 31),
        False,
        '{"a": "1"',
    ),
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
        '{"a": false, "a": 2}',
    ),
]
TEXTS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("expressions.yaml").read_text(encoding="utf-8")
)
SHOWS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("functions.yaml").read_text(encoding="utf-8")
)


def queries() -> list[tuple[str, str]]:
    """(what is shown, a query over `sample` with columns k and y)."""
    return [(texts[0], query) for texts, query in together(1)]


def together(most: int = 40) -> list[tuple[list[str], str]]:
    """(what is shown, a query with k and a column for each)."""
    lines = {key: text.splitlines() for key, text in TEXTS.items()}
    each, many = [*lines["each"], *lines["windows"]], lines["many"]
    for function in ALL:
        for text in SHOWS[function.name].splitlines():
            (many if function.aggregate and " over " not in text else each).append(text)
    found = [
        (some, f"select {key} as k, {_columns(some)} from sample{group}")
        for key, group, texts in (("k", "", each), ("o", " group by o", many))
        for start in range(0, len(texts), most)
        for some in (texts[start : start + most],)
    ]
    where = [
        ([f"where {text}"], f"select k, i as y from sample where {text}") for text in lines["where"]
    ]
    return found + where


def _columns(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return f"{texts[0]} as y"
    return ", ".join(f"{text} as y{place}" for place, text in enumerate(texts))


def table() -> pa.Table:
    """The rows as DuckDB takes them; instants are UTC."""
    columns = [
        pa.array([row[place] for row in ROWS], type=_arrow(kind))
        for place, kind in enumerate(COLUMNS.values())
    ]
    return pa.table(columns, names=list(COLUMNS))


def encoded(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows as JSON has them, in the order of their first column."""
    return sorted(([_value(value) for value in row] for row in rows), key=lambda row: repr(row[0]))


def alike(left: list[list[Any]], right: list[list[Any]]) -> bool:
    """Whether encoded rows are the same; doubles but for their last digit."""
    return len(left) == len(right) and all(
        one == other or (isinstance(one, float) and _is_close(one, other))
        for a, b in zip(left, right, strict=True)
        for one, other in zip(a, b, strict=True)
    )


def _is_close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-13) or (math.isnan(one) and math.isnan(other))


def _value(value: Any) -> Any:
    if isinstance(value, D):
        return f"{value.normalize():f}"
    return str(value) if isinstance(value, date) else value


def _arrow(kind: str) -> pa.DataType:
    if kind.startswith("decimal"):
        precision, scale = kind.removeprefix("decimal(").removesuffix(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    kinds = {
        "json": pa.string(),
        "int": pa.int32(),
        "bigint": pa.int64(),
        "double": pa.float64(),
        "date": pa.date32(),
    }
    others = {"string": pa.string(), "timestamp": pa.timestamp("us", "UTC"), "boolean": pa.bool_()}
    return (kinds | others)[kind]
