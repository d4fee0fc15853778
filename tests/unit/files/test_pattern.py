"""What a pattern matches, the judge finds good and reads alike; checked with RE2 in DuckDB."""

from __future__ import annotations

import json
import re
import time
from decimal import Decimal
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lakegate.contract.model import Column, Dataset, Limits
from lakegate.files.lines.judge import Judge, Judged
from lakegate.files.lines.proof.layout import learn
from lakegate.files.lines.proof.pattern import Pattern, pattern
from tests.lines.cases import Case, cases
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


@given(seed=st.integers(0, 2**32), casts=CASTS, dialect=st.sampled_from(["java", "python"]))
def test_what_other_dialects_match_is_good(seed: int, casts: str, dialect: Any) -> None:
    author = writer(Random(seed))
    lines = [author.line() for _ in range(40)]
    found = pattern(author.dataset, learn(lines[:20], LIMITS), casts, dialect)
    if found.regex is None:
        return
    other = pattern(author.dataset, learn(lines[:20], LIMITS), casts, "re2").regex or ""
    regex, twin = (re.compile(r.replace(r"\z", r"\Z").encode()) for r in (found.regex, other))
    judge = Judge(author.dataset, LIMITS, casts=casts)
    for line in lines:
        match = regex.fullmatch(line)
        # Spark's proves an empty text only where the layout has one, and escapes in a text that is
        # one of several only where the layout has escapes.
        if dialect == "java" and not re.search(rb'""|\\[u/]', line):
            assert (match is None) is (twin.fullmatch(line) is None), line
        if match is not None:
            said = judge.judge(line)
            assert said.reason is None, line
            if dialect == "java":
                assert (said.nulled, said.rounded) == ((), ()), line
                for name, text in zip(found.groups, match.groups(), strict=True):
                    place = [column.name for column in author.dataset.columns].index(name)
                    value = said.values[place]
                    is_null = not (text or b"").strip(b'" ')
                    assert isinstance(value, str) or is_null is (value is None), (line, name)


GOOD_CASES = [case for case in cases() if not case.wrong and not case.rounded]


@pytest.mark.parametrize("case", GOOD_CASES, ids=str)
def test_a_token_that_is_proven_has_the_value_of_the_table(
    case: Case, connection: duckdb.DuckDBPyConnection
) -> None:
    dataset = Dataset((case.column,))
    lines = [case.line, b'{"c":null}']
    found = pattern(dataset, learn(lines, LIMITS), case.casts, "re2")
    if found.regex is None:
        return
    first, nothing = taken(connection, dataset, found, lines)
    assert nothing == (None,)
    if first is not None:
        assert_same(Judged(None, (case.value,)), case.line, dataset, first)


def test_a_text_that_is_one_of_several_may_be_written_with_escapes(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    dataset = Dataset((Column("s", "string", allowed=("paid", "a/b", "\u00e9")),))
    written = (rb"paid", rb"\u0070aid", rb"pa\u0069\u0064", rb"a\/b", rb"\u00E9", rb"\u0071aid")
    lines = [b'{"s":"%s"}' % text for text in written]
    found = pattern(dataset, learn(lines[:1], LIMITS), "strict", "re2")
    values = taken(connection, dataset, found, lines)
    assert values == [("paid",), ("paid",), ("paid",), ("a/b",), ("\u00e9",), None]


def test_spark_looks_for_such_escapes_where_a_line_of_the_layout_has_one() -> None:
    dataset = Dataset((Column("s", "string", allowed=("paid",)),))
    plain, escaped, other = (b'{"s":"%s"}' % t for t in (b"paid", rb"\u0070aid", rb"\u0071aid"))

    def proves(seen: bytes, line: bytes) -> bool:
        regex = pattern(dataset, learn([plain, seen], LIMITS), "strict", "java").regex or ""
        return re.fullmatch(regex.replace(r"\z", r"\Z").encode(), line) is not None

    assert [proves(plain, line) for line in (plain, escaped, other)] == [True, False, False]
    assert [proves(other, line) for line in (plain, escaped, other)] == [True, True, False]


USUAL = Dataset(
    (
        Column("order_id", "string", required=True),
        Column("user_id", "bigint", required=True),
        Column("ordered_at", "timestamp", required=True),
        Column("on", "date"),
        Column("status", "string", required=True, allowed=("paid", "sent")),
        Column("amount", "decimal(12,2)"),
        Column("rate", "double"),
        Column("is_gift", "boolean"),
        Column("city", "string", source=("to", "city")),
        Column("extra", "json"),
    )
)
ROW = {
    "order_id": "o-1",
    "user_id": 7,
    "ordered_at": "2026-01-31T10:00:00Z",
    "on": "2026-01-31",
    "status": "paid",
    "amount": 12.5,
    "rate": 0.25,
    "is_gift": False,
    "to": {"city": "Ulm", "zip": "89073"},
    "extra": {"tags": ["a", "b"], "n": 1.50},
}
LOOSE = ROW | {
    "user_id": "7",
    "ordered_at": 1769853600123,
    "on": "20260131",
    "amount": "12.5",
    "rate": "0.25",
    "is_gift": "No",
}
PADDED = LOOSE | {"user_id": " 7", "amount": " 12.5 ", "is_gift": "No ", "ordered_at": " 20260131"}
CHANGES: list[dict[str, Any]] = [
    {},
    {"order_id": 'a "b" \\ \n é'},
    {"order_id": ""},
    {"amount": None, "on": None, "to": None, "extra": None},
    {"to": {"city": None}},
    {"to": {"city": "x"}},
    {"note": "x", "geo": {"lat": 1.5, "tags": []}},
]


@pytest.mark.parametrize("dialect", ["java", "re2", "python"])
@pytest.mark.parametrize("row", [ROW, LOOSE, PADDED], ids=["strict", "lenient", "padded"])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")], ids=["tight", "wide"])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_usual_lines_are_proven_however_they_are_laid_out(
    dialect: Any,
    row: dict[str, Any],
    separators: tuple[str, str],
    order: int,
    changes: dict[str, Any],
) -> None:
    casts = "strict" if row is ROW else "lenient"
    items = list((row | {"note": "", "geo": {"lat": 1, "tags": ["a"]}}).items())[::order]

    def line(**more: Any) -> bytes:
        found = {**dict(items), **more}
        return json.dumps(found, separators=separators, ensure_ascii=False).encode()

    layout = learn([line(), line(), b"broken", line()], LIMITS)
    found = pattern(USUAL, layout, casts, dialect)
    assert found.regex is not None
    assert re.fullmatch(found.regex.replace(r"\z", ""), line(**changes).decode())
    assert Judge(USUAL, LIMITS, casts=casts).judge(line(**changes)).reason is None


def test_an_empty_text_is_told_from_none_once_one_was_seen() -> None:
    dataset = Dataset((Column("a", "int", required=True), Column("c", "string")))
    plain, empty = b'{"a":1,"c":"x"}', b'{"a":1,"c":""}'

    def proves(lines: list[bytes], line: bytes) -> bool:
        regex = pattern(dataset, learn(lines, LIMITS), "strict", "java").regex
        assert regex is not None
        return re.fullmatch(regex.replace(r"\z", ""), line.decode()) is not None

    assert not proves([plain] * 60, empty)  # its text would be that of a null
    assert proves([*[plain] * 60, empty], empty)
    assert proves([plain], b'{"a":1,"c":null}')


def test_a_layout_learns_keys_that_only_some_lines_have() -> None:
    lines = [b'{"a":1,"c":3}', b'{"a":1,"b":2,"c":3}', b'{"c":3,"d":4}', b'{"c":1,"a":2}']
    dataset = Dataset((Column("c", "int", required=True), Column("e", "int")))
    found = pattern(dataset, learn(lines, LIMITS), "strict", "java")
    assert found.regex is not None
    good = [b'{"c":3}', b'{"a":1,"b":2,"c":3,"d":4,"e":5}', b'{"b":2,"c":3,"e":null}']
    other = [b'{"c":1,"a":2}', b'{"a":1}', b'{"c":3,"f":1}', b'{"c":1,"c":2}', b'{"c":1,"e":"x"}']
    regex = re.compile(found.regex.replace(r"\z", ""))
    assert all(regex.fullmatch(line.decode()) for line in good)
    assert not any(regex.fullmatch(line.decode()) for line in other)


@pytest.mark.parametrize(
    ("column", "lines"),
    [
        (Column("c", "int", required=True), [b"nonsense", b"[]"]),
        (Column("c", "int", required=True), []),
        (Column("c", "int", source=("a", "b"), required=True), [b'{"a":1}']),
        (
            Column("c", "int", source=("a", "k1"), required=True),
            [b'{"a":{"k1":1,"k2":2}}', b'{"a":{"k2":1,"k1":2}}'],
        ),
    ],
)
def test_where_nothing_can_be_proven_there_is_no_pattern(
    column: Column, lines: list[bytes]
) -> None:
    found = pattern(Dataset((column,)), learn(lines, LIMITS), "strict", "re2")
    assert found == Pattern(None)


def test_a_hostile_layout_makes_no_monstrous_pattern() -> None:
    """Whatever the first lines hold, learning and building take no longer than judging them."""
    dataset = Dataset((Column("c", "int"),))
    nested = "1"
    for _ in range(30):
        nested = (
            f'[{{"a":{nested},"b":[{nested}]}},{{"b":1,"a":1}}]' if len(nested) < 10_000 else nested
        )
    wide = ",".join(f'"k{n}":{{"x":[{n}]}}' for n in range(5000))
    for text in (f'{{"c":1,"x":{nested}}}', f'{{"c":1,{wide}}}'):
        begun = time.process_time()
        found = pattern(dataset, learn([text.encode()] * 20, LIMITS), "strict", "java")
        assert time.process_time() - begun < 2
        assert found.regex is None or len(found.regex) < 500_000
