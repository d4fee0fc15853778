"""Reads a contract of version 1 as one of version 2."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lakegate.contract.source.queries import Queries

SQL = "../src/glue_jobs/sql"
SAMPLE_DATA = "../data/sample_data"
ADVICE = (
    "is of version 1, which still loads; write version: 2, "
    f"sql: {SQL} and sample_data: {SAMPLE_DATA}, "
    "and leave out keys, and reads and partitions of gold_tables; stg_<dataset> has the columns of "
    "its dataset and no others: write what else a mart reads of it into the mart, or as a view in "
    "sql/staging"
)


def upgraded(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The same contract without what is no key any more, and with its files where they were."""
    kept = {name: value for name, value in data.items() if name != "keys"}
    tables = kept.get("gold_tables")
    if isinstance(tables, dict):
        kept["gold_tables"] = {name: _table(table) for name, table in tables.items()}
    places = {"sql": SQL, "sample_data": SAMPLE_DATA} if (folder / SQL).is_dir() else {}
    return places | kept | {"version": 2}


def queries(data: dict[str, Any], datasets: Sequence[str]) -> Queries:
    """What a contract says of SQL that is not there."""
    tables = data["gold_tables"]
    return Queries(
        datasets=datasets,
        marts=dict.fromkeys(tables, ""),
        staging={},
        needs={name: _reads(item, datasets) for name, item in tables.items()},
        expected=dict.fromkeys(tables, ()),
    )


def _reads(table: dict[str, Any], datasets: Sequence[str]) -> tuple[str, ...]:
    declared = table.get("reads")
    known = [name for name in datasets if isinstance(declared, list) and name in declared]
    return tuple(f"stg_{name}" for name in known)


def _table(table: Any) -> Any:
    if not isinstance(table, dict):
        return table
    return {name: value for name, value in table.items() if name not in ("reads", "partitions")}
