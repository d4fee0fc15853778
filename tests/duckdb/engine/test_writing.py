"""Parquet as other engines expect it, in its place."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.plan import View
from tests.duckdb.lake import contract, resources
from tests.fakes.cloud import Cloud

ROW = (
    "select 1::bigint as b, 2::integer as i, 'é' as s, true as t, 1.5::double as d, "
    "1.25::decimal(12,2) as m, 1.25::decimal(38,2) as w, date '2024-02-29' as on_day, "
    "timestamptz '2024-02-29 12:00:00.123456+00' as at"
)


def test_types_are_those_that_spark_writes(tmp_path: Path) -> None:
    with DuckDBEngine(contract(), resources(tmp_path / "scratch")) as engine:
        engine.write(View("mart", ROW), str(tmp_path / "out"))
        assert engine.rows("select b, m from mart") == [{"b": 1, "m": Decimal("1.25")}]
    (path,) = (tmp_path / "out").glob("*.parquet")
    table = pq.read_table(path)
    assert {field.name: str(field.type) for field in table.schema} == {
        "b": "int64",
        "i": "int32",
        "s": "string",
        "t": "bool",
        "d": "double",
        "m": "decimal128(12, 2)",
        "w": "decimal128(38, 2)",
        "on_day": "date32[day]",
        "at": "timestamp[us, tz=UTC]",
    }
    assert table["at"].to_pylist() == [datetime(2024, 2, 29, 12, 0, 0, 123456, UTC)]
    meta = pq.ParquetFile(path).metadata.row_group(0).column(0)
    assert meta.compression == "ZSTD"


def test_no_rows_are_a_file_with_columns(tmp_path: Path) -> None:
    with DuckDBEngine(contract(), resources(tmp_path / "scratch")) as engine:
        engine.write(View("mart", f"{ROW} where false"), str(tmp_path / "out"))
        assert engine.rows("from mart") == []
    (path,) = (tmp_path / "out").glob("*.parquet")
    assert pq.read_schema(path).names[:2] == ["b", "i"]


def test_what_is_written_again_takes_its_place(tmp_path: Path) -> None:
    with DuckDBEngine(contract(), resources(tmp_path / "scratch")) as engine:
        engine.write(View("mart", "select 1 as x"), str(tmp_path / "out"))
        engine.write(View("mart", "select 2 as x"), str(tmp_path / "out"))
        assert engine.rows("from mart") == [{"x": 2}]
    assert pq.read_table(tmp_path / "out")["x"].to_pylist() == [2]


def test_it_is_put_below_a_prefix(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.s3.buckets["gold"] = {}
    engine = DuckDBEngine(contract(), resources(tmp_path / "scratch"), cloud.client("s3"))
    with engine:
        engine.write(View("mart", "select 1 as x"), "s3://gold/mart/batch_id=b/run_id=r/")
    ((key, body),) = cloud.s3.contents("gold").items()
    assert key == "mart/batch_id=b/run_id=r/part-0.parquet"
    assert body.startswith(b"PAR1")


def test_instants_come_as_text(tmp_path: Path) -> None:
    query = "select timestamptz '2024-02-29 12:00:00.5+02' as at, 1 as \"order\" -- the end"
    with DuckDBEngine(contract(), resources(tmp_path / "scratch")) as engine:
        assert engine.rows(query) == [{"at": "2024-02-29 10:00:00.5", "order": 1}]
