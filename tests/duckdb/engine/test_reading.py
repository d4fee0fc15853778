"""The engine says of every line what the judge says, however the line reaches it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakegate.contract import Column, Dataset
from lakegate.files.lines.judge import Judge, is_blank
from tests.duckdb.lake import COLUMNS, DATASET, LIMITS, contract, reading, rows
from tests.lines.cases import cases

KINDS = sorted({(case.column, case.casts) for case in cases()}, key=str)
GOOD = (
    b'{"id":1,"name":"Ann","size":3,"price":9.95,"ratio":0.5,"is_new":true,'
    b'"seen_at":"2024-02-29T23:59:59.123456Z","seen_on":"2024-12-31","kind":"a"}'
)
LINES = (
    GOOD,
    GOOD.replace(b'"id":1', b'"id": 2').replace(b',"', b', "'),
    b'{"id":3}',
    b'{"id":4,"name":null,"size":null}',
    b'{"kind":"b","id":5}',
    rb'{"id":6,"name":"\u00e9 \ud83d\ude00 \\ \" \/ \n"}',
    '{"id":7,"name":"Zoë 😀"}'.encode(),
    b'{"id":8,"size":3000000000,"kind":"c"}',
    b'{"id":9,"price":1.005,"ratio":1e400}',
    b'{"id":10,"seen_at":"2023-02-29T00:00:00Z"}',
    b'{"id":11,"seen_at":"2024-01-01T00:30:00+01:00"}',
    b'{"id":"12"}',
    b'{"name":"nobody"}',
    b'{"id":13,"id":13}',
    b'{"id":14}{"id":15}',
    b'{"id":16,}',
    b'{"id":NaN}',
    rb'{"id":17,"name":"\ud800"}',
    b'{"id":18,"name":"\xff"}',
    b'{"id":19,"name":"\x01\x02\x03"}',
    b'{"id":20,"name":"a\x00b"}',
    b"\x02aGk=",
    b"null",
    b"[]",
    b"{",
    b"",
    b"  \t ",
    b"\xef\xbb\xbf" + GOOD,
    b'{"id":21,"name":"' + b"x" * 5000 + b'"}',
    b'{"id":9223372036854775807}',
    b'{"id":9223372036854775808}',
    b'{"id":22,"price":"0.10","ratio":-0.0}',
    b'{"id":23,"extra":{"a":[1]},"name":"x"}',
)


def expected(
    lines: Sequence[bytes], dataset: Dataset = DATASET, casts: str | None = None
) -> list[dict[str, Any]]:
    judge = Judge(dataset, LIMITS, casts=casts)
    found = []
    for number, line in enumerate(lines):
        if is_blank(line):
            continue
        said = judge.judge(line)
        row: dict[str, Any] = {"_line": number, "_reason": said.reason}
        row |= {"_nulled": list(said.nulled) or None, "_rounded": list(said.rounded) or None}
        if said.reason is None:
            names = [column.name for column in dataset.columns]
            row |= {name: _shown(value) for name, value in zip(names, said.values, strict=True)}
        found.append(row)
    return found


def _shown(value: Any) -> Any:
    """A moment as DuckDB writes it."""
    if not isinstance(value, datetime):
        return value
    text = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return text.rstrip("0").removesuffix(".") + "+00" if value.microsecond else f"{text[:19]}+00"


def seen(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without what means nothing: the values of a bad line."""
    return [
        row if row["_reason"] is None else {n: v for n, v in row.items() if n.startswith("_")}
        for row in found
    ]


@pytest.mark.parametrize("first", [GOOD, b'{"id":5,"kind":"a"}', b"{"])
def test_each_line_is_what_the_judge_says(tmp_path: Path, first: bytes) -> None:
    lines = (first, *LINES)
    with reading(tmp_path, [b"\n".join(lines)]) as engine:
        assert seen(rows(engine)) == expected(lines)


@pytest.mark.parametrize("line", LINES)
def test_a_line_is_the_same_alone(tmp_path: Path, line: bytes) -> None:
    with reading(tmp_path, [line + b"\n"]) as engine:
        assert seen(rows(engine)) == expected([line])


@pytest.mark.parametrize(("column", "casts"), KINDS, ids=str)
def test_a_token_is_what_the_table_of_casts_says(
    tmp_path: Path, column: Column, casts: str
) -> None:
    its = [case for case in cases() if (case.column, case.casts) == (column, casts)]
    dataset = Dataset(columns=(column,), casts="lenient" if casts == "lenient" else "strict")
    lines = [case.line for case in its]
    with reading(tmp_path, [b"\n".join(lines * 2)], contract(dataset)) as engine:
        found = rows(engine, dataset.columns)
    assert seen(found) == expected(lines * 2, dataset)
    assert [row["c"] for row in found[: len(its)]] == [_shown(case.value) for case in its]


def test_carriage_returns_and_ends(tmp_path: Path) -> None:
    files = [b"", GOOD, GOOD + b"\n", GOOD + b"\r\n" + GOOD + b"\r\n\r\n", b"\r\n", GOOD + b"\r"]
    with reading(tmp_path, files) as engine:
        found = rows(engine)
    assert [row["id"] for row in found] == [1] * 5
    assert [row["_line"] for row in found] == [0, 1, 2, 3, 6]


def test_a_return_within_a_line_does_not_end_it(tmp_path: Path) -> None:
    lines = [b'{"id":1}', b'{"id":2,\r"name":"x"}', b'{"id":3,"name":"a\rb"}']
    with reading(tmp_path, [b"\n".join(lines)]) as engine:
        assert seen(rows(engine)) == expected(lines)


def test_casts_of_a_file_overrule_those_of_its_dataset(tmp_path: Path) -> None:
    with reading(tmp_path, [b'{"id":"1"}\n'], casts="lenient") as engine:
        assert seen(rows(engine)) == expected([b'{"id":"1"}'], casts="lenient")


def test_a_dataset_without_files_is_empty(tmp_path: Path) -> None:
    with reading(tmp_path, []) as engine:
        assert rows(engine) == []


def test_what_is_odd_far_behind_is_found(tmp_path: Path) -> None:
    many = [GOOD] * 40_000  # more than one chunk
    lines = [*many, b'{"id":2,"name":"\xff"}', *many[:5], b'{"id":3}\r', b"x" * 9_000_000, GOOD]
    with reading(tmp_path, [b"\n".join(lines)]) as engine:
        found = engine.rows(
            "select _line, id, _reason from lines_things where id is null or id > 1"
        )
    assert sorted(found, key=lambda row: row["_line"]) == [
        {"_line": 40_000, "id": None, "_reason": "malformed"},
        {"_line": 40_006, "id": 3, "_reason": None},
        {"_line": 40_007, "id": None, "_reason": "malformed"},
    ]


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["a", "2024-02-29", "2024-02-30T00:00:00Z", "2024-02-29T12:00:00.5+02", "1.5"]),
    st.sampled_from([[], {}, [1], {"a": 1}]),
)
objects = st.dictionaries(
    st.sampled_from([column.name for column in COLUMNS] + ["other"]), values, max_size=6
)
drawn = st.one_of(
    st.builds(lambda found: json.dumps(found | {"id": found.get("id", 1)}).encode(), objects),
    st.builds(
        lambda found: json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode(), objects
    ),
    st.binary(max_size=12).map(lambda found: found.replace(b"\n", b"")),
    st.sampled_from(LINES),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(drawn, max_size=12), st.sampled_from(["strict", "lenient"]))
def test_drawn_lines_are_what_the_judge_says(lines: list[bytes], casts: str) -> None:
    with TemporaryDirectory() as folder:
        content = b"\n".join([*lines, GOOD])
        with reading(Path(folder), [content], casts=casts) as engine:
            assert seen(rows(engine)) == expected([*lines, GOOD], casts=casts)
