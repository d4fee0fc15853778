"""What the job is measured against; each reads the files of a folder and writes Parquet.

None but the job checks values, looks for keys that repeat, sets lines aside or checks its result:
they do less work than the job.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
from pyspark.sql import DataFrame, SparkSession

from lakegate.contract import Contract, load
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.duckdb.resources import of_function
from lakegate.transform.engines.protocol import Engine, SilverFile
from lakegate.transform.engines.spark import session
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.produce import Targets, produce
from lakegate.transform.render import render
from lakegate.transform.report import Report
from lakegate.transform.sql import MACROS
from local.backends.stack import LASTING_JAVA

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = load(ROOT / "config" / "pipeline.yaml")
LENIENT = replace(
    CONTRACT,
    datasets={name: replace(one, casts="lenient") for name, one in CONTRACT.datasets.items()},
)
NAMES = ("users", "events", "orders")
PAID = ("paid", "shipped", "delivered")
# What the job's mart reads, if all lines count.
COUNTED = {f"stg_{name}": f"select * from {name}" for name in NAMES}
QUOTED = ("string", "timestamp")
DUCKDB_MEMORY = "3008"  # MiB, as Terraform's variable `duckdb` has it
TYPES = ("page_view", "search", "product_view", "add_to_cart", "checkout", "purchase")


def spark(folder: Path) -> SparkSession:
    """A local session as the local runtime has it, scaled to the files."""
    os.environ["PYSPARK_PYTHON"] = sys.executable  # which has what judges lines
    builder = SparkSession.builder.master("local[2]")
    for key, value in (
        ("spark.driver.memory", "4g"),
        ("spark.driver.extraJavaOptions", LASTING_JAVA),
        ("spark.ui.enabled", "false"),
        ("spark.ui.showConsoleProgress", "false"),
        ("spark.driver.bindAddress", "127.0.0.1"),
        ("spark.driver.host", "127.0.0.1"),
    ):
        builder = builder.config(key, value)
    running = session.configure(builder.getOrCreate())
    session.scale(running, sum(path(folder, name).stat().st_size for name in NAMES))
    return running


def job(folder: Path, out: Path, contract: Contract = CONTRACT) -> None:
    """What the pipeline runs: from files to checked gold and quarantine."""
    with SparkEngine(spark(folder), contract) as engine:
        produced(engine, folder, out, contract)


def duckdb_job(folder: Path, out: Path, contract: Contract = CONTRACT) -> None:
    """The same in the function with DuckDB, with the memory that it has by default."""
    given = {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": DUCKDB_MEMORY}
    with DuckDBEngine(contract, of_function(out / "scratch", given)) as engine:
        produced(engine, folder, out, contract)


def lenient_job(folder: Path, out: Path) -> None:
    """The job with lenient casts."""
    job(folder, out, LENIENT)


def lenient_duckdb_job(folder: Path, out: Path) -> None:
    """The job of the function with lenient casts."""
    duckdb_job(folder, out, LENIENT)


def produced(engine: Engine, folder: Path, out: Path, contract: Contract) -> None:
    """What a run does between its fence and its publication."""
    gold = {table: str(out / "gold" / table) for table in CONTRACT.gold_tables}
    targets = Targets(gold, {name: str(out / "rows" / name) for name in NAMES})
    inputs = {
        name: (SilverFile(str(path(folder, name)), path(folder, name).stat().st_size),)
        for name in NAMES
    }
    project = Project(contract, render(contract, engine.name))
    produce(engine, project, inputs, targets, Report("b", "r", 1, "jr", "", {}))


def scan(folder: Path, out: Path) -> None:
    """Spark's JSON reader over the columns that the job reads, and nothing else: the floor."""
    del out
    running = spark(folder)
    for name in NAMES:
        columns(running, folder, name).write.format("noop").mode("overwrite").save()


def unchecked(folder: Path, out: Path) -> None:
    """The job's own mart over Spark's reader, its values cast and taken as they are."""
    running = spark(folder)
    for name in NAMES:
        casts = [f"cast({c.name} as {c.type}) as {c.name}" for c in CONTRACT.datasets[name].columns]
        columns(running, folder, name).selectExpr(*casts).createOrReplaceTempView(name)
    for name, sql in COUNTED.items():
        running.sql(sql).createOrReplaceTempView(name)
    for mart in render(CONTRACT, "spark").gold:
        running.sql(mart.sql).write.parquet(str(out / "gold" / mart.name))
        running.read.parquet(str(out / "gold" / mart.name)).createOrReplaceTempView(mart.name)


def on_duckdb(folder: Path, out: Path) -> None:
    """The job's own mart, transpiled, over columns that DuckDB reads and casts itself."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    for name in NAMES:
        kinds = ", ".join(
            f"{column.name}: '{duckdb_type(column.type)}'"
            for column in CONTRACT.datasets[name].columns
        )
        connection.execute(
            f"create view {name} as from read_json('{path(folder, name)}', "
            f"format = 'newline_delimited', columns = {{{kinds}}})"
        )
    for macro in MACROS:
        connection.execute(macro)
    for name, sql in COUNTED.items():
        connection.execute(f"create view {name} as {sql}")
    for mart in render(CONTRACT, "duckdb").gold:
        written = out / f"{mart.name}.parquet"
        connection.execute(f"copy ({mart.sql}) to '{written}' (compression zstd)")
        connection.execute(f"create view {mart.name} as from '{written}'")


def on_polars(folder: Path, out: Path) -> None:
    """The same aggregates in Polars' lazy frames."""
    frames = {
        name: pl.scan_ndjson(
            path(folder, name),
            schema={c.name: polars_type(c.type) for c in CONTRACT.datasets[name].columns},
        )
        for name in NAMES
    }
    moment = pl.col("occurred_at").str.to_datetime("%+", time_unit="us")
    events = (
        frames["events"]
        .with_columns(occurred_at=moment)
        .group_by("user_id")
        .agg(
            pl.len().alias("event_count"),
            pl.col("session_id").drop_nulls().n_unique().alias("session_count"),
            pl.col("occurred_at").dt.date().n_unique().alias("active_days"),
            *((pl.col("event_type") == kind).sum().alias(f"{kind}_count") for kind in TYPES),
            pl.col("occurred_at").min().alias("first_event_at"),
            pl.col("occurred_at").max().alias("last_event_at"),
        )
    )
    placed = pl.col("ordered_at").str.to_datetime("%+", time_unit="us")
    is_paid = pl.col("status").is_in(PAID)
    orders = (
        frames["orders"]
        .with_columns(ordered_at=placed)
        .group_by("user_id")
        .agg(
            pl.len().alias("order_count"),
            is_paid.sum().alias("paid_order_count"),
            pl.col("amount").filter(is_paid).sum().alias("revenue"),
            pl.col("ordered_at").min().alias("first_order_at"),
            pl.col("ordered_at").max().alias("last_order_at"),
        )
    )
    joined = frames["users"].join(events, on="user_id", how="left")
    joined.join(orders, on="user_id", how="left").sink_parquet(out / "gold.parquet")


def columns(running: SparkSession, folder: Path, name: str) -> DataFrame:
    """A dataset by Spark's reader: text for what the job converts."""
    fields = [
        f"`{column.name}` {parsed_type(column.type)}" for column in CONTRACT.datasets[name].columns
    ]
    return running.read.schema(", ".join(fields)).json(str(path(folder, name)))


def parsed_type(kind: str) -> str:
    """Text where Spark's own conversion is slow or inexact."""
    return "string" if kind in QUOTED or kind.startswith("decimal") else kind


def path(folder: Path, name: str) -> Path:
    """The file of a dataset."""
    return folder / f"{name}.json"


def duckdb_type(kind: str) -> str:
    """DuckDB's name of a type of the contract."""
    return {"string": "varchar"}.get(kind, kind)


def polars_type(kind: str) -> type[pl.DataType]:
    """What Polars reads of a type of the contract; amounts as floats."""
    types: dict[str, type[pl.DataType]] = {
        "bigint": pl.Int64,
        "int": pl.Int32,
        "boolean": pl.Boolean,
        "decimal(12,2)": pl.Float64,
    }
    return types.get(kind, pl.String)
