"""Rejected lines come back as they were, with their reason and their file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.plan import View
from tests.duckdb.lake import reading

FILES = (
    b'{"id":1}\n{"id":2}\r\n\n{"id":"x"}\n{"id":4,"name":"\xff"}',
    b"",
    '{"id":5,"name":"Zoë"}\n\t{"id":6}\n{"id":7,"name":"a\x00"}\n'.encode(),
)
NUMBERS = {0: "superseded", 1: "superseded", 3: "bad_id", 4: "malformed", 5: "unknown_id"}


def rejected(engine: DuckDBEngine, folder: Path, numbers: dict[int, str]) -> list[dict[str, Any]]:
    rows = ", ".join(f"('things', {number}, '{why}')" for number, why in numbers.items())
    query = f"select * from (values {rows}) as t(dataset, _line, reason)"
    engine.view(View("rejected_lines", query, settle=True))
    engine.write_rejected("things", str(folder / "out"))
    with duckdb.connect() as connection:
        found = connection.execute(f"from read_parquet('{folder}/out/*.parquet') order by line")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_each_line_with_its_reason_and_file(tmp_path: Path) -> None:
    with reading(tmp_path, FILES) as engine:
        found = rejected(engine, tmp_path, NUMBERS | {7: "malformed"})
    first, last = str(tmp_path / "things-0.json"), str(tmp_path / "things-2.json")
    assert [tuple(row.values()) for row in found] == [
        ("bad_id", '{"id":"x"}', None, first),
        ("superseded", '{"id":1}', None, first),
        ("superseded", '{"id":2}\r', None, first),
        ("malformed", '{"id":4,"name":"�"}', b'{"id":4,"name":"\xff"}', first),
        ("unknown_id", '{"id":5,"name":"Zoë"}', None, last),
        ("malformed", '{"id":7,"name":"a\x00"}', None, last),
    ]
    assert list(found[0]) == ["reason", "line", "line_bytes", "file"]


def test_lines_that_were_good_are_found_among_many(tmp_path: Path) -> None:
    lines = [b'{"id":%d}' % number for number in range(3000)]
    with reading(tmp_path, [b"\n".join(lines[:1000]), b"\n".join(lines[1000:]) + b"\n"]) as engine:
        wanted = {number: "superseded" for number in range(0, 3000, 7)}
        found = rejected(engine, tmp_path, wanted)
    assert {row["line"] for row in found} == {lines[number].decode() for number in wanted}
    assert {row["line"]: row["file"][-13:] for row in found}['{"id":1001}'] == "things-1.json"


def test_nothing_rejected_writes_no_rows(tmp_path: Path) -> None:
    with reading(tmp_path, [b'{"id":1}']) as engine:
        engine.view(View("rejected_lines", "select 'x' as dataset, 0 as _line, '' as reason"))
        engine.write_rejected("things", str(tmp_path / "out"))
    assert duckdb.execute(f"from '{tmp_path}/out/*.parquet'").fetchall() == []
