"""Published rows, read as a person would: through the pointer of the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pyarrow import parquet

if TYPE_CHECKING:
    import pyarrow

    from lakectl.lake import Lake


def tables(lake: Lake, prefix: str, columns: list[str] | None = None) -> Iterator[pyarrow.Table]:
    """The files of a run's prefix one by one, so that memory holds one of them."""
    for item in lake.objects(lake.settings.gold_bucket, prefix):
        if item.key.endswith(".parquet"):
            body = lake.read(lake.settings.gold_bucket, item.key)
            if body is not None:
                yield parquet.read_table(BytesIO(body), columns=columns)


def head(lake: Lake, prefix: str, count: int) -> list[dict[str, Any]]:
    """The first rows of a run."""
    rows: list[dict[str, Any]] = []
    for table in tables(lake, prefix):
        rows += table.slice(0, count - len(rows)).to_pylist()
        if len(rows) >= count:
            break
    return rows
