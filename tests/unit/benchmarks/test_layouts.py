"""Other layouts of the generator's rows hold the same rows."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from benchmarks import tables
from benchmarks.harness import layouts

LINE = (
    '{"order_id":"o-1","user_id":9007199254740993,"status":"say \\"a, b\\"","amount":12.50,'
    '"item_count":null}\n'
)


@pytest.mark.parametrize("number", [0, 1])
def test_a_line_as_others_write_it_has_the_same_values_backwards(number: int) -> None:
    before = json.loads(LINE, parse_float=Decimal)
    text = layouts.as_others(LINE, number)
    after = json.loads(text, parse_float=Decimal)
    assert after.pop("context")
    assert after.pop("source")
    assert list(after.items()) == list(before.items())[::-1]
    assert '"amount": 12.50, "status"' in text


def test_a_tenth_of_the_lines_has_an_escape() -> None:
    escaped = [r"\u00" in layouts.as_others(LINE, number) for number in range(20)]
    assert escaped == ([True] + [False] * 9) * 2


def test_a_job_on_a_layout_is_told_with_it() -> None:
    taken = {"seconds": [2.0], "median": 2.0, "peak_mb": 7}
    size = {
        "contestants": {"scan": taken, "duckdb_job:dirt": taken},
        "endless": {},
        "failed": ["job"],
    }
    result = {"machine": {"cpus": 2, "cpu": "", "memory_gib": 8, "os": "Linux"}}
    page = tables.job(result | {"sizes": {"1000": size}})
    assert "3 x 1,000 rows, duckdb job, 0.5 % dirt | 2.0" in page
    assert "3 x 1,000 rows, job | failed" in page
