"""What many small batches a minute ask of AWS, by counted requests: a table of docs/scaling.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from benchmarks.cost.bill import Assumptions
from benchmarks.harness import markdown
from benchmarks.harness.figures import RESULTS

BATCHES_A_MINUTE = 100
FILES = 3
# A second and prefix; see Amazon S3's "Optimizing performance".
READS, WRITES = 5_500, 3_500
CONCURRENCY = 1_000  # functions at a time, of an account that has not asked for more
KMS = 5_500  # cryptographic operations a second, in the regions with the smallest quota


def table(calls: Mapping[str, Any], batches: int = BATCHES_A_MINUTE) -> str:
    """A Markdown table: what a batch asks for, how often a second that is, and the limit."""
    heads = ("of", "counted a batch", "at the time", "limit", "share")
    return markdown.table(heads, _rows(calls["batch"], batches / 60)) + "\n"


def _rows(batch: Mapping[str, Mapping[str, int]], a_second: float) -> Iterator[tuple[str, ...]]:
    for layer in ("bronze", "silver", "control", "gold"):
        found = batch[layer]
        reads = found.get("GetObject", 0) + found.get("ListObjectsV2", 0)
        writes = found.get("PutObject", 0) + found.get("CopyObject", 0)
        for what, count, limit in (("reads", reads, READS), ("writes", writes, WRITES)):
            if count:
                yield _row(f"{layer}, {what}", count, count * a_second, "a second", limit)
    kms = sum(batch["kms"].values())
    yield _row("KMS, without bucket keys", kms, kms * a_second, "a second", KMS)
    assumed = Assumptions()
    # By Little's law: those at work are those that come in a second, times their seconds.
    seconds = FILES * assumed.lambda_seconds_per_file + assumed.duckdb_start_seconds
    yield _row("functions", FILES + 1, seconds * a_second, "at work", CONCURRENCY)


def _row(of: str, count: int, rate: float, unit: str, limit: int) -> tuple[str, ...]:
    return of, f"{count}", f"{rate:,.1f} {unit}", f"{limit:,}", f"{rate / limit:.1%}"


def main(
    batches: Annotated[int, typer.Option(min=1, help="Batches a minute.")] = BATCHES_A_MINUTE,
) -> None:
    """Print the table."""
    calls = json.loads((RESULTS / "calls.json").read_text(encoding="utf-8"))
    typer.echo(table(calls, batches))


if __name__ == "__main__":
    typer.run(main)
