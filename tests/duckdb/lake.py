"""One dataset of every type, and what the engine makes of lines of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lakegate.contract.model import Column, Contract, Dataset, Gate, Gold, Limits
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.duckdb.resources import MB, Resources
from lakegate.transform.engines.protocol import SilverFile

COLUMNS = (
    Column("id", "bigint", required=True),
    Column("name", "string"),
    Column("size", "int"),
    Column("price", "decimal(12,2)"),
    Column("ratio", "double"),
    Column("is_new", "boolean"),
    Column("seen_at", "timestamp"),
    Column("seen_on", "date"),
    Column("kind", "string", allowed=("a", "b")),
)
DATASET = Dataset(columns=COLUMNS, primary_key=("id",))
LIMITS = Limits(max_line_bytes=4096)


def contract(dataset: Dataset = DATASET, limits: Limits = LIMITS, **others: Dataset) -> Contract:
    """A contract of `things`, and of other datasets by name."""
    datasets = {"things": dataset, **others}
    return Contract(
        project="test",
        limits=limits,
        gate=Gate(required=tuple(datasets)),
        gold=Gold(),
        datasets=datasets,
        gold_tables={},
    )


def resources(scratch: Path, **given: int) -> Resources:
    """Enough for a test."""
    return Resources(scratch, **{"memory": 256 * MB, "disk": 1024 * MB, "threads": 2} | given)


@contextmanager
def reading(
    folder: Path, files: Sequence[bytes], used: Contract | None = None, casts: str = ""
) -> Iterator[DuckDBEngine]:
    """An engine that has read files of things, which may be read again."""
    paths = [folder / f"things-{number}.json" for number in range(len(files))]
    for path, content in zip(paths, files, strict=True):
        path.write_bytes(content)
    with DuckDBEngine(used or contract(), resources(folder / "scratch")) as engine:
        engine.read(
            {"things": [SilverFile(str(path), path.stat().st_size, casts) for path in paths]}
        )
        yield engine


def rows(engine: DuckDBEngine, columns: Sequence[Column] = COLUMNS) -> list[dict[str, Any]]:
    """The lines in their order; moments as text, as the engine hands none out."""
    values = ", ".join(
        f'cast("{column.name}" as varchar) as "{column.name}"'
        if column.type == "timestamp"
        else f'"{column.name}"'
        for column in columns
    )
    return engine.rows(
        f"select _line, {values}, _reason, _nulled, _rounded from lines_things order by 1"
    )
