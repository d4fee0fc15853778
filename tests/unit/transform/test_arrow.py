"""Judged lines as Arrow batches, and the one of them that is to blame when that goes wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from lakegate.contract import Column, Dataset
from lakegate.contract.model import Limits
from lakegate.files.lines.judge import Judge, Judged
from lakegate.transform.engines import arrow

EVERY = Dataset(
    columns=(
        Column("a", "bigint", required=True),
        Column("b", "decimal(5,2)"),
        Column("c", "timestamp"),
        Column("d", "date"),
        Column("e", "json"),
        Column("f", "int"),
    )
)


def batch(*lines: bytes, judge: Judge | None = None) -> pa.RecordBatch:
    places = pa.array(range(7, 7 + len(lines)), pa.int64())
    asked = judge or Judge(EVERY, Limits())
    return arrow.judged(places, pa.array(lines, pa.binary()), "things", EVERY, asked)


def test_values_have_their_types_and_what_was_lost_is_named() -> None:
    line = (
        b'{"a": 1, "b": 1.005, "c": "2026-01-01T01:00:00+01:00", "d": "2026-01-02",'
        b' "e": {"x": [1]}, "f": 1.5}'
    )
    [good, bad] = batch(line, b"[]").to_pylist()
    assert good == {
        "_line": 7,
        "a": 1,
        "b": Decimal("1.01"),
        "c": datetime(2026, 1, 1, tzinfo=UTC),
        "d": date(2026, 1, 2),
        "e": '{"x":[1]}',
        "f": None,
        "_reason": None,
        "_nulled": ["f"],
        "_rounded": ["b"],
    }
    assert (bad["_line"], bad["_reason"], bad["a"], bad["_nulled"]) == (8, "malformed", None, None)


def test_no_lines_are_no_rows() -> None:
    assert batch().num_rows == 0


class Wrong(Judge):
    """A judge that gives what no column of 64 bits can hold for one line."""

    def judge(self, line: bytes) -> Judged:
        found = super().judge(line)
        return found._replace(values=(2**80, *found.values[1:])) if b"5" in line else found


def test_the_line_to_blame_is_named() -> None:
    with pytest.raises(arrow.LineError, match=r"^things: line 8: "):
        batch(b'{"a": 1}', b'{"a": 5}', b'{"a": 2}', judge=Wrong(EVERY, Limits()))
