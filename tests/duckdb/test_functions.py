"""Every function and operator that a mart may use gives on DuckDB what Spark gave.

`tests/sql/spark_answers.json` has Spark's answers, and `tests/spark/queries/test_functions.py`
holds them true.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import duckdb
import pytest

from lakegate.transform.sql import MACROS, to_duckdb
from lakegate.transform.sql.dialect import parse
from lakegate.transform.sql.functions import ALL
from lakegate.transform.sql.queries import columns_of
from tests.sql import sample

RELATIONS = {"sample": sample.COLUMNS}
NAMES = {"int": "INTEGER", "string": "VARCHAR", "timestamp": "TIMESTAMP WITH TIME ZONE"}
ANSWERS = json.loads(sample.ANSWERS.read_text(encoding="utf-8"))
QUERIES = sample.queries()


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connected:
        connected.execute("set TimeZone = 'UTC'")
        for macro in MACROS:
            connected.execute(macro)
        connected.register("rows", sample.table())
        connected.execute("create table sample as from rows")
        yield connected


@pytest.mark.parametrize(("text", "query"), QUERIES, ids=[text for text, _ in QUERIES])
def test_duckdb_gives_spark_s_answer(
    connection: duckdb.DuckDBPyConnection, text: str, query: str
) -> None:
    kind, expected = ANSWERS[text]
    assert columns_of(parse(query), RELATIONS)["y"] == kind
    found = connection.sql(to_duckdb(query, RELATIONS))
    assert str(found.types[1]) == NAMES.get(kind, kind.upper())
    if kind == "timestamp":
        found = found.project("k, cast(y as timestamp) as y")
    rows = sample.encoded(found.fetchall())
    assert sample.alike(rows, expected), [
        pair for pair in zip(rows, expected, strict=True) if pair[0] != pair[1]
    ]


def test_every_function_is_tried() -> None:
    assert sample.SHOWS.keys() == {function.name for function in ALL}
    assert ANSWERS.keys() == {text for text, _ in QUERIES}
