"""What a published batch looks like: counts, first rows of gold, where things are."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.table import Table

from lakegate.cli.terminal.safe import Console
from lakegate.ledger import keys
from lakegate.ledger.records import Published
from local.up.follow import Batch

SHOWN = (
    "user_id",
    "country",
    "event_count",
    "session_count",
    "order_count",
    "paid_order_count",
    "revenue",
    "average_order_value",
    "conversion_rate",
)
COUNTS = ("read", "used", "deduplicated")
ROWS = 5


def gold_files(batch: Batch) -> list[str]:
    """Keys of the Parquet files that the catalog shows for the batch."""
    partition = batch.clients.glue.get_partition(
        DatabaseName=batch.outputs["glue_database"],
        TableName=batch.outputs["gold_table"],
        PartitionValues=[batch.name],
    )
    location = partition["Partition"]["StorageDescriptor"]["Location"]
    prefix = location.removeprefix(f"s3://{batch.outputs['gold_bucket']}/").rstrip("/") + "/"
    pages = batch.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=batch.outputs["gold_bucket"], Prefix=prefix
    )
    found = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return [key for key in found if key.endswith(".parquet")]


def read_gold(batch: Batch, files: list[str]) -> pa.Table:
    """The rows of Parquet files of gold."""
    bucket = batch.outputs["gold_bucket"]
    tables = []
    for key in files:
        body = batch.clients.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        tables.append(pq.read_table(io.BytesIO(body)))
    return pa.concat_tables(tables)


def counts(batch: Batch, published: Published) -> dict[str, dict[str, Any]]:
    """Counts per dataset out of the job's report."""
    found = batch.store.get(keys.revision(batch.name, published.revision, "report"))
    datasets: dict[str, dict[str, Any]] = found[0].get("datasets", {}) if found else {}
    return datasets


def show(console: Console, batch: Batch, published: Published) -> None:
    """Prints counts and the first rows of gold."""
    console.print()
    console.print(_counts_table(counts(batch, published)))
    files = gold_files(batch)
    table = batch.outputs["gold_table"]
    first = read_gold(batch, files[:1])
    console.print(_gold_table(first, published.rows[table], batch))
    console.print(
        f"{published.rows[table]:,} rows in {len(files)} files: "
        f"s3://{batch.outputs['gold_bucket']}/{published.tables[table]}",
        soft_wrap=True,
        highlight=False,
    )


def _counts_table(datasets: dict[str, dict[str, Any]]) -> Table:
    table = Table(title="Rows", title_justify="left")
    table.add_column("dataset")
    for name in (*COUNTS, "rejected"):
        table.add_column(name, justify="right")
    table.add_column("of these")
    for dataset, numbers in datasets.items():
        shown = [numbers.get(name, 0) for name in COUNTS]
        shown.append(shown[0] - shown[1] - shown[2])
        rest = {name: count for name, count in numbers.items() if name not in COUNTS}
        table.add_row(
            dataset,
            *(f"{count:,}" for count in shown),
            ", ".join(f"{name} {count:,}" for name, count in sorted(rest.items()) if count),
        )
    return table


def _gold_table(rows: pa.Table, total: int, batch: Batch) -> Table:
    shown = min(ROWS, rows.num_rows)
    title = f"{batch.outputs['gold_table']}, batch {batch.name}: {shown} of {total:,} rows"
    table = Table(title=title, title_justify="left")
    columns = [name for name in SHOWN if name in rows.column_names]
    for name in columns:
        table.add_column(name, justify="right" if name != "country" else "left")
    ordered = rows.sort_by([("revenue", "descending"), ("user_id", "ascending")])
    for row in ordered.slice(0, ROWS).to_pylist():
        table.add_row(*(_cell(row[name]) for name in columns))
    return table


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
