"""Published rows, read as a person would: through the pointer of the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pyarrow import parquet

from lakegate.cli.errors import NotFoundError
from lakegate.cli.reads import facts

if TYPE_CHECKING:
    import pyarrow

    from lakegate.cli.lake import Lake
    from lakegate.ledger.records import Published


@dataclass(frozen=True)
class Gold:
    """What readers see of a batch: `totals` from the run's report, the first rows.

    `others` are the tables that were published with it.
    """

    batch: str
    revision: str
    table: str
    prefix: str
    totals: dict[str, Any]
    rows: tuple[dict[str, Any], ...]
    others: tuple[str, ...] = ()


def seen(lake: Lake, batch: str, count: int, table: str | None = None) -> Gold:
    """The published rows of a batch in one table, the contract's first by default.

    Raises NotFoundError before its first publication, or for a table that it does not have.
    """
    found = facts.collect(lake, batch)
    pointer = found.published
    if pointer is None:
        raise NotFoundError(f"Nothing of {batch!r} is published: lakegate explain {batch}")
    revision = found.revisions.get(pointer.revision)
    told = told_of(revision.report or {}) if revision else {}
    table = chosen(lake, pointer, table)
    totals = told.get(table, {}).get("totals", {})
    rows = tuple(head(lake, pointer.tables[table], count))
    others = tuple(sorted(pointer.tables.keys() - {table}))
    return Gold(batch, pointer.revision, table, pointer.tables[table], totals, rows, others)


def told_of(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Gold table to its `prefix`, `rows` and `totals`, also of a report of the first edition."""
    told: dict[str, Any] = report.get("gold") or {}
    if "prefix" not in told:
        return told
    name = str(told["prefix"]).partition("/")[0]
    totals = {key: value for key, value in told.items() if key not in ("prefix", "row_hash")}
    return {
        name: {"prefix": told["prefix"], "rows": next(iter(totals.values()), 0), "totals": totals}
    }


def chosen(lake: Lake, pointer: Published, table: str | None = None) -> str:
    """The table that is asked for, else the contract's first that the publication has.

    Raises NotFoundError when the publication does not have it.
    """
    known = [name for name in lake.contract.gold_tables if name in pointer.tables]
    known += sorted(pointer.tables.keys() - set(known))
    if table is None and known:
        return known[0]
    if table in pointer.tables:
        return table
    raise NotFoundError(f"{pointer.batch} was published with {', '.join(known)}")


def tables(lake: Lake, prefix: str) -> Iterator[pyarrow.Table]:
    """The files of a run's prefix one by one, so that memory holds one of them.

    No thread reads: one that still holds a body when the process ends aborts it (arrow#34314).
    """
    for item in lake.objects(lake.settings.gold_bucket, prefix):
        if item.key.endswith(".parquet"):
            body = lake.read(lake.settings.gold_bucket, item.key)
            if body is not None:
                with parquet.ParquetFile(BytesIO(body), pre_buffer=False) as file:
                    yield file.read(use_threads=False)


def head(lake: Lake, prefix: str, count: int) -> list[dict[str, Any]]:
    """The first rows of a run."""
    rows: list[dict[str, Any]] = []
    for table in tables(lake, prefix):
        rows += table.slice(0, count - len(rows)).to_pylist()
        if len(rows) >= count:
            break
    return rows
