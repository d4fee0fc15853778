"""What the pattern of a canonical line matches is JSON, and its groups are the line's values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract import Column, load
from lakegate.contract.model import SCALAR_TYPES, TIMESTAMP_PATTERN
from lakegate.transform.engines.spark import line_pattern as canonical

CONTRACT = load(Path(__file__).parents[3] / "config" / "pipeline.yaml")
GOOD: dict[str, Any] = {
    "string": "São Paulo, {a}",
    "timestamp": "2026-01-31T23:59:59.5Z",
    "bigint": -(10**17),
    "int": 3,
    "boolean": True,
    "decimal(12,2)": 10.25,
}
ODD: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(st.sampled_from('aé\x7f ,:{}[]"\\\n\x00'), max_size=4),
    "timestamp": st.sampled_from(
        ["2026-02-28T01:02:03Z", "2026-02-30T01:02:03.123456789", "2026-13-01T00:00:00Z", ""]
    ),
    "bigint": st.sampled_from([0, -1, 10**18 - 1, 10**18, 1.5, True]),
    "int": st.sampled_from([0, -1, 10**9, True]),
    "boolean": st.booleans(),
    "decimal(12,2)": st.sampled_from([0, 0.1, -9999999999.99, 1e20, 0.001, True]),
}


@pytest.fixture(
    params=list(CONTRACT.datasets.values()), ids=list(CONTRACT.datasets), scope="module"
)
def columns(request: pytest.FixtureRequest) -> tuple[Column, ...]:
    """Those of each dataset."""
    return tuple(request.param.columns)


def groups(columns: tuple[Column, ...], line: str) -> tuple[str | None, ...] | None:
    """The texts of the values; Python's patterns write the end of the text in another way."""
    pattern = canonical.pattern(columns)
    assert pattern.endswith(r"\z")
    found = re.match(pattern.removesuffix("z") + "Z", line)
    return found.groups() if found else None


def strict(line: str) -> dict[str, Any]:
    """What Python's own reader makes of it; numbers stay as they are written."""

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    loaded = json.loads(line, object_pairs_hook=distinct, parse_int=str, parse_float=str)
    assert isinstance(loaded, dict)
    return loaded


def good(column: Column) -> Any:
    """A value that keeps the contract."""
    return column.allowed[-1] if column.allowed else GOOD[column.type]


def as_group(column: Column, value: Any) -> str | None:
    """The text that the pattern takes out for it."""
    if value is None:
        return None
    if canonical.may_be_empty(column):
        return f'"{value}'
    if column.type == "timestamp":
        return str(value).removesuffix("Z")
    return json.dumps(value) if isinstance(value, bool) else str(value)


@given(data=st.data())
def test_what_it_matches_is_json_with_these_values(
    columns: tuple[Column, ...], data: st.DataObject
) -> None:
    odd = data.draw(st.sampled_from(columns), label="odd")
    row = {column.name: good(column) for column in columns}
    row[odd.name] = data.draw(st.none() | ODD[odd.type], label="value")
    if row[odd.name] is None and data.draw(st.booleans()):
        del row[odd.name]
    separators = data.draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]))
    line = json.dumps(row, ensure_ascii=data.draw(st.booleans()), separators=separators)
    place = data.draw(st.integers(0, len(line)))
    line = line[:place] + data.draw(st.sampled_from(["", "", '"', "{}", "0", " "])) + line[place:]
    taken = groups(columns, line)
    if taken is None:
        return
    loaded = strict(line)
    assert loaded.keys() <= {column.name for column in columns}
    assert all(loaded.get(column.name) is not None for column in columns if column.required)
    assert taken == tuple(as_group(c, loaded.get(c.name)) for c in columns)


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_it_matches_what_programs_write(
    columns: tuple[Column, ...], separators: tuple[str, str]
) -> None:
    full = {column.name: good(column) for column in columns}
    bare = {column.name: good(column) for column in columns if column.required}
    empty = full | {column.name: None for column in columns if not column.required}
    for row in (full, bare, empty):
        line = json.dumps(row, ensure_ascii=False, separators=separators)
        assert groups(columns, line + "\r") is not None, line


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ('"a"', '"\x1f"'),
        ('"a"', r'"\u0061"'),
        ('"a"', "1"),
        ('"a"', '{"b":"a"}'),
        (":1,", ":01,"),
        (":1,", ":1.0,"),
        (":1,", ":1000000000000000000,"),
        (":1,", ':1,"user_id":1,'),
        ("00Z", "60Z"),
        ("00Z", "00 Z"),
        ("00Z", "00z"),
        ('"2026-', '"0000-'),
        ("}", "}{}"),
        ("}", "}}"),
        ("}", ',"x":1}'),
        ("}", ""),
        ("}", "}\n"),
    ],
)
def test_it_matches_nothing_else(part: str, other: str) -> None:
    line = '{"user_id":1,"full_name":"a","signed_up_at":"2026-01-01T00:00:00Z"}'
    assert line.count(part) == 1
    columns = CONTRACT.datasets["users"].columns
    assert groups(columns, line) is not None
    assert groups(columns, line.replace(part, other)) is None


def test_it_matches_no_value_that_is_not_allowed() -> None:
    columns = CONTRACT.datasets["orders"].columns
    row = {column.name: good(column) for column in columns}
    for name, value in (("status", "lost"), ("status", ""), ("payment_method", "car")):
        line = json.dumps(row | {name: value}, ensure_ascii=False)
        assert groups(columns, line) is None
    assert groups(columns, json.dumps(row, ensure_ascii=False)) is not None


def test_an_allowed_value_that_json_escapes_is_left_to_the_reader() -> None:
    columns = (Column("said", "string", "", required=True, allowed=('a"b', "", "c")),)
    assert groups(columns, '{"said":"c"}') == ("c",)
    assert groups(columns, '{"said":"a"b"}') is None
    assert groups(columns, r'{"said":"a\"b"}') is None
    assert groups(columns, '{"said":""}') is None
    only = (Column("said", "string", "", required=True, allowed=("",)),)
    assert groups(only, '{"said":""}') is None


def test_every_type_of_the_contract_has_a_token() -> None:
    assert set(canonical.TOKENS) | {"date", "json"} == set(SCALAR_TYPES)


@given(text=st.from_regex(canonical.TIMESTAMP, fullmatch=True))
def test_its_timestamps_are_the_contract_s(text: str) -> None:
    assert re.fullmatch(TIMESTAMP_PATTERN, text.strip('"'))
