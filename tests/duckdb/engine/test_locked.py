"""What a person's SQL cannot do on the engine: it reads the batch and nothing else."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.errors import EngineError
from lakegate.transform.plan import View
from tests.duckdb.lake import reading

SECRET = "hunter2"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DuckDBEngine]:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    (tmp_path / "secret.csv").write_text(f"a\n{SECRET}\n")
    with reading(tmp_path, [b'{"id":1}\n']) as engine:
        engine.view(View("first", "select 1 as x"))
        yield engine


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('{folder}/secret.csv')",
        "select * from read_csv('{folder}/scratch/../secret.csv')",
        "select * from read_text('{folder}/secret.csv')",
        "select * from read_blob('/proc/self/environ')",
        "select * from read_json_objects('/etc/passwd')",
        "select * from '{folder}/secret.csv'",
        "select * from glob('/etc/*')",
        "select * from sniff_csv('{folder}/secret.csv')",
        "select * from parquet_metadata('/etc/passwd')",
        "select getenv('AWS_SECRET_ACCESS_KEY')",
        "select * from read_csv('http://127.0.0.1:{port}/x.csv')",
        "select * from read_parquet('s3://bucket/key')",
        "select * from secret",
    ],
)
def test_a_mart_reads_no_file_no_variable_and_no_network(
    engine: DuckDBEngine, tmp_path: Path, query: str
) -> None:
    secret = [SECRET]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        text = query.format(folder=tmp_path, port=server.getsockname()[1])
        for attempt in (
            lambda: engine.rows(text),
            lambda: engine.view(View("mart", text, settle=True)),
            lambda: engine.write(View("mart", text), str(tmp_path / "out")),
        ):
            with pytest.raises(duckdb.Error) as raised:
                attempt()
            assert SECRET not in str(raised.value)
        with pytest.raises(TimeoutError):
            server.accept()
    assert secret == [os.environ["AWS_SECRET_ACCESS_KEY"]]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '{folder}/stolen.csv'",
        "copy (select 1) to '{folder}/scratch/../stolen.csv'",
        "attach '{folder}/stolen.db'",
        "export database '{folder}/stolen'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset lock_configuration",
        "set memory_limit = '1TB'",
        "set allowed_directories = ['/']",
        "set autoinstall_known_extensions = true",
        "call enable_logging(storage = 'file', storage_config = {{'path': '{folder}/stolen'}})",
    ],
)
def test_no_statement_opens_what_is_closed(
    engine: DuckDBEngine, tmp_path: Path, statement: str
) -> None:
    text = statement.format(folder=tmp_path)
    with pytest.raises(EngineError, match="not one query"):
        engine.rows(text)
    with pytest.raises(duckdb.Error):
        engine._connection.execute(text)
    assert not list(tmp_path.glob("stolen*"))


def test_a_mart_is_one_query(engine: DuckDBEngine, tmp_path: Path) -> None:
    for text in ("select 1; select 2", "select 1); drop view lines_things; select (1"):
        with pytest.raises((duckdb.Error, EngineError)):
            engine.write(View("mart", text), str(tmp_path / "out"))
        with pytest.raises((duckdb.Error, EngineError)):
            engine.view(View("mart", text))
    assert engine.rows("select count(*) as n from lines_things") == [{"n": 1}]


def test_no_extension_is_sought_where_none_is(tmp_path: Path) -> None:
    with reading(tmp_path, []) as engine, pytest.raises(duckdb.Error, match="not in the catalog"):
        engine.rows("select st_point(1, 2)")
