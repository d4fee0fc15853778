"""What runs out is said by name, after it has really run out."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from lakegate.ledger.engines.choice import OUT_OF_DISK, OUT_OF_MEMORY, OUT_OF_TIME
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.duckdb.exhaustion import Deadline
from lakegate.transform.engines.duckdb.resources import MB, of_function
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import ExhaustedError
from lakegate.transform.plan import View
from tests.duckdb.lake import contract, resources

SORTED = (
    "select i, hash(i) as h, repeat('x', 50) || i as t from range(3_000_000) as t(i) order by h"
)
ENDLESS = "select count(*) from range(1_000_000) as a, range(1_000_000) as b where hash(a, b) = 1"


def kind(engine: DuckDBEngine, view: View) -> str:
    with engine, pytest.raises(ExhaustedError) as raised:
        engine.view(view)
    assert "\n" not in str(raised.value)
    return raised.value.kind


def test_out_of_memory(tmp_path: Path) -> None:
    few = resources(tmp_path / "scratch", memory=24 * MB, disk=1024 * MB)
    in_memory = View("m", "select list(repeat('x', 1000) || i) from range(1_000_000) as t(i)", True)
    assert kind(DuckDBEngine(contract(), few), in_memory) == OUT_OF_MEMORY


def test_out_of_disk(tmp_path: Path) -> None:
    few = resources(tmp_path / "scratch", memory=64 * MB, disk=16 * MB)
    assert kind(DuckDBEngine(contract(), few), View("m", SORTED, True)) == OUT_OF_DISK


def test_it_spills_before_it_runs_out(tmp_path: Path) -> None:
    few = resources(tmp_path / "scratch", memory=128 * MB)
    with DuckDBEngine(contract(), few) as engine:
        engine.write(View("m", SORTED), str(tmp_path / "out"))
        assert engine.rows("select count(*) as n from m") == [{"n": 3_000_000}]


def test_out_of_time(tmp_path: Path) -> None:
    began = time.monotonic()
    engine = DuckDBEngine(contract(), resources(tmp_path / "scratch"), deadline=Deadline(0.3))
    assert kind(engine, View("m", ENDLESS, True)) == OUT_OF_TIME
    assert time.monotonic() - began < 30  # the query itself never ends


def test_out_of_time_while_lines_are_judged(tmp_path: Path) -> None:
    path = tmp_path / "things.json"
    path.write_bytes(b'{"id":"x"}\n' * 400_000)
    engine = DuckDBEngine(contract(), resources(tmp_path / "scratch"), deadline=Deadline(1))
    with engine, pytest.raises(ExhaustedError) as raised:
        engine.read({"things": [SilverFile(str(path), path.stat().st_size)]})
    assert raised.value.kind == OUT_OF_TIME


def test_an_error_of_the_sql_is_none_of_these(tmp_path: Path) -> None:
    with DuckDBEngine(contract(), resources(tmp_path / "scratch")) as engine:
        with pytest.raises(duckdb.CatalogException):
            engine.view(View("m", "select * from nothing"))
        with pytest.raises(duckdb.ConversionException):
            engine.rows("select cast('x' as int)")


def test_nothing_stays_on_the_disk(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    with DuckDBEngine(contract(), resources(scratch)) as engine:
        engine.write(View("m", "select 1 as x"), str(tmp_path / "out"))
        assert scratch.exists()
    assert not scratch.exists()


def test_a_function_keeps_some_of_its_memory_for_itself(tmp_path: Path) -> None:
    def memory(size: int) -> int:
        given = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(size)}
        return of_function(tmp_path / "scratch", given).memory // MB

    assert [memory(size) for size in (512, 3008, 10240)] == [96, 2256, 7680]
