"""The `.sql` files of the job: one view each, named after its file, values by `:markers`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from lakegate.contract import Column, Contract

FOLDERS = ("staging", "quarantine", "marts", "report")
# Run by name, over a relation that the job registers just before.
BY_NAME = frozenset({"rejected_lines"})
SOURCE = re.compile(r"\b(?:from|join)\s+([a-z_][a-z0-9_]*)", re.IGNORECASE)
OWN = re.compile(r"\b([a-z_][a-z0-9_]*)\s+as\s*\(", re.IGNORECASE)
REMARK = re.compile(r"--[^\n]*|'[^']*'")


def text(name: str) -> str:
    """The SQL of the view of that name."""
    path = next((path for path in _paths() if path.name == f"{name}.sql"), None)
    if path is None:
        raise FileNotFoundError(f"there is no {name}.sql in {', '.join(FOLDERS)}")
    return path.read_text(encoding="utf-8")


@cache
def order() -> tuple[str, ...]:
    """Every view that follows from `lines_<dataset>`, none before what it reads.

    Raises graphlib.CycleError when two views read each other.
    """
    sql = {name: text(name) for name in sorted(path.name.removesuffix(".sql") for path in _paths())}
    views = {name: sources(sql[name]) & sql.keys() for name in sql if name not in BY_NAME}
    return tuple(TopologicalSorter(views).static_order())


def sources(sql: str) -> frozenset[str]:
    """The relations behind `from` and `join`, but for those that its own `with` defines."""
    plain = REMARK.sub(" ", sql)
    return frozenset(SOURCE.findall(plain)) - frozenset(OWN.findall(plain))


def view(spark: SparkSession, name: str, contract: Contract) -> DataFrame:
    """The relation of that name, which later files can read from."""
    frame = spark.sql(text(name), args=markers(contract, name))
    frame.createOrReplaceTempView(name)
    return frame


def markers(contract: Contract, name: str) -> dict[str, Any]:
    """What stands for null in a view `<step>_<dataset>`: `:<column>_default` from the contract."""
    dataset = contract.datasets.get(name.partition("_")[2])
    columns = dataset.columns if dataset else ()
    given = [column for column in columns if column.default is not None]
    return {f"{column.name}_default": _value(column) for column in given}


def _value(column: Column) -> Any:
    if column.decimal:
        return Decimal(str(column.default))
    kinds = {"bigint": int, "int": int, "double": float}
    return kinds.get(column.type, lambda given: given)(column.default)


def _paths() -> Iterator[Traversable]:
    root = files("glue_jobs").joinpath("sql")
    for folder in FOLDERS:
        yield from (path for path in root.joinpath(folder).iterdir() if path.name.endswith(".sql"))
