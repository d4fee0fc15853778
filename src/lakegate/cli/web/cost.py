"""What a run costs on AWS (us-east-1 list prices, in dollars)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DPU_HOUR = 0.44
GLUE_MINIMUM_SECONDS = 60
DPU_OF_WORKER = {"G.025X": 0.25, "G.1X": 1.0, "G.2X": 2.0, "G.4X": 4.0, "G.8X": 8.0}
WRITE_REQUEST = 0.005 / 1000  # PUT, COPY, LIST
READ_REQUEST = 0.0004 / 1000
LAMBDA_GB_SECOND = 0.0000166667
LAMBDA_REQUEST = 0.20 / 1_000_000

# Counted in the validator's own test: at most 7 requests a file, two of them writes.
WRITES_PER_FILE, READS_PER_FILE = 2, 5
# Claim, run, fence, report, pointer, and what Spark's committer writes and lists.
WRITES_PER_RUN, READS_PER_RUN = 60, 120
GB_SECONDS_PER_FILE = 0.25
FUNCTION_MIB = 3008  # of the DuckDB engine, unless it was set otherwise


@dataclass(frozen=True)
class Item:
    """One line of a bill."""

    name: str
    amount: str
    dollars: float


def of_function(seconds: float, files: int, mib: int | None = None) -> list[Item]:
    """The bill of one run on DuckDB over so many files; `mib` is the function's memory."""
    name = f"DuckDB, {mib:,} MiB" if mib else f"DuckDB, at the default of {FUNCTION_MIB:,} MiB"
    gb_seconds = seconds * (mib or FUNCTION_MIB) / 1024
    dollars = gb_seconds * LAMBDA_GB_SECOND + LAMBDA_REQUEST
    engine = Item(name, f"{gb_seconds:,.1f} GB-seconds", dollars)
    return [engine, *_requests(files)]


def of_run(
    seconds: float, dpu_seconds: float | None, workers: int, worker_type: str, files: int
) -> list[Item]:
    """The bill of one run over so many files. `dpu_seconds` is Glue's own figure, if it told one.

    Without it, all workers are billed for the run's seconds, but for a minute at least.
    """
    if dpu_seconds is None:
        billed = max(seconds, GLUE_MINIMUM_SECONDS)
        dpu_seconds = billed * workers * DPU_OF_WORKER.get(worker_type, 1.0)
    engine = Item(
        f"Glue, {workers} workers {worker_type}",
        f"{dpu_seconds:,.0f} DPU-seconds",
        dpu_seconds / 3600 * DPU_HOUR,
    )
    return [engine, *_requests(files)]


def _requests(files: int) -> list[Item]:
    writes = files * WRITES_PER_FILE + WRITES_PER_RUN
    reads = files * READS_PER_FILE + READS_PER_RUN
    gb_seconds = files * GB_SECONDS_PER_FILE
    return [
        Item(
            "S3 requests, at most",
            f"{writes:,} writes, {reads:,} reads",
            writes * WRITE_REQUEST + reads * READ_REQUEST,
        ),
        Item(
            "validator, about",
            f"{gb_seconds:,.2f} GB-seconds",
            gb_seconds * LAMBDA_GB_SECOND + files * LAMBDA_REQUEST,
        ),
    ]


def total(items: Sequence[Item]) -> float:
    """Their sum in dollars."""
    return sum(item.dollars for item in items)
