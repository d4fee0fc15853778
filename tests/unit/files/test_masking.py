"""Nothing of a row is told in reports, records and logs but how its values are written."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from lakegate.files.masking import masked, without_values
from lakegate.transform.checks import Outcome, require, run
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.errors import CheckError
from lakegate.transform.plan import FAILED, Checks, View
from tests.duckdb.lake import reading

SECRET = "Ana O'Neil <ana@example.org> 4711"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Ana-7", "Aaa-9"),
        ("ana@example.org", "aaa@aaaaaaa.aaa"),
        ("東京 Å\x1b\u202e", "aa A??"),
        ("x" * 41, "a" * 40 + "…"),
        ("", ""),
    ],
)
def test_the_form_of_a_text(text: str, form: str) -> None:
    assert masked(text) == form


def test_a_message_keeps_its_words_and_no_value() -> None:
    said = f"Could not convert string '{SECRET}' to INT32, (47111 + 815)"
    assert without_values(said) == (
        "Could not convert string 'Aaa A'Aaaa <aaa@aaaaaaa.aaa> 9999' to INT32, (99999 + 999)"
    )


def test_a_failed_check_shows_no_row(tmp_path: Path) -> None:
    whole = "select * from (select 3.5 as found, 4 as expected) as compared"
    wanted = Checks(
        summary=(
            f'select 1 as rows, \'x\' as row_hash, true as "{FAILED}kind", true as "{FAILED}sum"',
        ),
        offenders={"kind": "select name, id, kind from lines_things", "sum": whole},
    )
    line = b'{"id":4711,"name":"%s"}\n' % SECRET.encode()
    with reading(tmp_path, [line]) as engine:
        _, found = run(engine, "things", wanted)
    assert {item.name: item.sample for item in found} == {
        "kind": ({"name": "Aaa A'Aaaa <aaa@aaaaaaa.aaa> 9999", "id": "9999", "kind": "None"},),
        "sum": ({"found": "3.5", "expected": "4"},),
    }
    with pytest.raises(CheckError) as raised:
        require([*found, Outcome("other", "q", holds=True)])
    assert "Neil" not in str(raised.value)
    assert "4711" not in str(raised.value)


@pytest.mark.parametrize(
    "query",
    [
        "select cast(name as int) as n from lines_things",
        "select cast(id as int) * 2147483647 as n from lines_things",
        "select error(name) as n from lines_things",
        "select regexp_matches('x', '[' || name) as n from lines_things",
        "select cast(id as decimal(2,1)) as n from lines_things",
    ],
)
def test_the_cause_of_a_failed_query_tells_no_value(query: str, tmp_path: Path) -> None:
    line = b'{"id":4711,"name":"%s"}\n' % SECRET.encode()
    with reading(tmp_path, [line]) as engine, pytest.raises(duckdb.Error) as raised:
        engine.view(View("mart", query, settle=True))
    assert any(part in str(raised.value) for part in ("Neil", "4711"))
    told = DuckDBEngine.cause(raised.value)
    assert told.startswith(type(raised.value).__name__)
    assert not any(part in told for part in ("Neil", "example", "4711"))
