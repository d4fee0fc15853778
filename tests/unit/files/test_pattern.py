"""What a pattern matches, the judge finds good and reads alike; checked with RE2 in DuckDB."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lakegate.contract.model import Dataset, Limits
from lakegate.files.lines.judge import Judge, Judged
from lakegate.files.lines.proof.layout import learn
from lakegate.files.lines.proof.pattern import Pattern, pattern
from tests.lines.drawn import writer

LIMITS = Limits()
CASTS = st.sampled_from(["strict", "lenient"])


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def taken(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, found: Pattern, lines: list[bytes]
) -> list[tuple[Any, ...] | None]:
    """The values that DuckDB takes out of each line, None for a line that is not proven."""
    assert found.regex is not None
    regex, names = quoted(found.regex), ", ".join(map(quoted, found.groups))
    groups = f", regexp_extract(line, {regex}, [{names}]) as g" if names else ""
    values = []
    for column in dataset.columns:
        pointer = "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in column.path)
        text = f"json_extract_string(line, {quoted(pointer)})"
        sql = found.value(
            column, f"g[{quoted(column.name)}]" if column.name in found.groups else text
        )
        kind = {"json": "varchar", "string": "varchar", "timestamp": "timestamptz"}
        values.append(f"typeof({sql}) = upper({quoted(_type(kind.get(column.type, column.type)))})")
        values.append(f"cast({sql} as varchar)")
    rows = connection.execute(
        f"select n, {', '.join(values)} from (select n, line {groups} from "
        f"(select unnest($l) as line, unnest($n) as n) where regexp_full_match(line, {regex}))",
        {"l": [line.decode() for line in lines], "n": list(range(len(lines)))},
    ).fetchall()
    result: list[tuple[Any, ...] | None] = [None] * len(lines)
    for number, *cells in rows:
        assert all(cells[::2]), (found.values, cells)
        result[number] = tuple(cells[1::2])
    return result


def _type(kind: str) -> str:
    return {"int": "integer", "timestamptz": "timestamp with time zone"}.get(kind, kind)


def shown(value: Any) -> str | None:
    """A value as DuckDB writes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if re.match(r"[0-9]{4}-.* ", text) and "." in text:
        text = re.sub(r"0+\+", "+", text)
    return text.replace("+00:00", "+00")


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute("set TimeZone = 'UTC'")
    return found


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32), casts=CASTS)
def test_what_is_proven_in_duckdb_is_what_the_judge_reads(
    seed: int, casts: str, connection: duckdb.DuckDBPyConnection
) -> None:
    author = writer(Random(seed))
    lines = [author.line() for _ in range(40)]
    found = pattern(author.dataset, learn(lines[:20], LIMITS), casts, "re2")
    if found.regex is None:
        return
    judge = Judge(author.dataset, LIMITS, casts=casts)
    for line, values in zip(lines, taken(connection, author.dataset, found, lines), strict=True):
        if values is not None:
            said = judge.judge(line)
            assert_same(said, line, author.dataset, values)


def assert_same(said: Judged, line: bytes, dataset: Dataset, values: tuple[Any, ...]) -> None:
    assert (said.reason, said.nulled, said.rounded) == (None, (), ()), line
    for column, value, expected in zip(dataset.columns, values, said.values, strict=True):
        kind = Decimal if column.decimal else float if column.type == "double" else str
        found, known = (item if item is None else kind(item) for item in (value, shown(expected)))
        assert found == known, (line, column)


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32), casts=CASTS, dialect=st.sampled_from(["java", "python"]))
def test_what_other_dialects_match_is_good(seed: int, casts: str, dialect: Any) -> None:
    author = writer(Random(seed))
    lines = [author.line() for _ in range(40)]
    found = pattern(author.dataset, learn(lines[:20], LIMITS), casts, dialect)
    if found.regex is None:
        return
    regex = re.compile(found.regex.replace(r"\z", r"\Z").encode())
    judge = Judge(author.dataset, LIMITS, casts=casts)
    for line in lines:
        if (match := regex.fullmatch(line)) is not None:
            said = judge.judge(line)
            assert said.reason is None, line
            if dialect == "java":
                assert (said.nulled, said.rounded) == ((), ()), line
                for name, text in zip(found.groups, match.groups(), strict=True):
                    place = [column.name for column in author.dataset.columns].index(name)
                    is_null = not (text or b"").strip(b'"') and said.values[place] != ""
                    assert is_null is (said.values[place] is None), (line, name)
