"""What the pipeline costs on AWS at any size, from counted requests and list prices (us-east-1)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.prices import PRICES, dollars_of_calls
from lakectl import cost

CALLS = Path(__file__).parent / "results" / "calls.json"
_MONTH_DAYS = 30


@dataclass(frozen=True)
class Load:
    """A batch and how often it comes; rows and bytes are those of all its datasets together."""

    rows: int = 3_000_000
    files: int = 3
    bytes_per_row: int = 173  # of generated data
    batches_a_day: float = 1
    kept_days: int = 30  # bronze and silver, both of which hold every byte


@dataclass(frozen=True)
class Assumptions:
    """What is not counted but estimated; each is an argument of the script."""

    workers: int = 2  # G.1X, one of which is the driver
    cores_per_worker: int = 4
    rows_per_core_second: int = 75_000  # 3M rows in 20 s on 2 cores, cold
    start_seconds: float = 45
    lambda_gb: float = 0.5
    lambda_seconds_per_file: float = 0.5
    spark_writes_per_task: float = 6  # staged file, its copy, markers
    spark_reads_per_task: float = 8
    task_bytes: int = 128 * 2**20
    index_requests_per_file: float = 2  # more under contention: see benchmarks/contention.py
    metrics: int = 14

    @property
    def executors(self) -> int:
        """Workers that compute."""
        return max(1, self.workers - 1)


def job_seconds(load: Load, assumed: Assumptions) -> float:
    """Billed seconds of one run, from 60."""
    rate = assumed.executors * assumed.cores_per_worker * assumed.rows_per_core_second
    return max(cost.GLUE_MINIMUM_SECONDS, assumed.start_seconds + load.rows / rate)


def per_run(load: Load, calls: Mapping[str, Any], assumed: Assumptions) -> dict[str, float]:
    """Dollars of one batch, by what they are paid for."""
    size = load.rows * load.bytes_per_row
    tasks = max(load.files, math.ceil(size / assumed.task_bytes))
    retries = max(0.0, assumed.index_requests_per_file - 2) / 3 * load.files
    requests = (
        load.files * dollars_of_calls(calls["per_file"])
        + dollars_of_calls(calls["last_file_more"])
        + dollars_of_calls(calls["job"])
        + dollars_of_calls({"PutObject": retries, "GetObject": 2 * retries})
    )
    spark = {
        "PutObject": tasks * assumed.spark_writes_per_task,
        "GetObject": tasks * assumed.spark_reads_per_task,
    }
    s3_calls = tasks * (assumed.spark_writes_per_task + assumed.spark_reads_per_task)
    glue_hours = job_seconds(load, assumed) * assumed.workers / 3600
    gb_seconds = load.files * assumed.lambda_seconds_per_file * assumed.lambda_gb
    return {
        "glue": glue_hours * PRICES["glue_dpu_hour"],
        "s3_pipeline": requests,
        "s3_spark": dollars_of_calls(spark),
        "lambda": gb_seconds * PRICES["lambda_gb_second"] + load.files * PRICES["lambda_request"],
        # with bucket keys about one request in a hundred reaches KMS
        "kms": (load.files * 5 + s3_calls) / 100 * PRICES["kms_request"],
    }


def per_month(load: Load, calls: Mapping[str, Any], assumed: Assumptions) -> dict[str, float]:
    """Dollars of a month: runs, storage, and what is paid without any run."""
    runs = load.batches_a_day * _MONTH_DAYS
    stored_gb = 2 * load.rows * load.bytes_per_row * load.batches_a_day * load.kept_days / 1e9
    looks = 12 * 24 * _MONTH_DAYS  # the reconciler, every five minutes
    idle = looks * dollars_of_calls(calls["reconciler_at_rest"])
    idle += looks * (assumed.lambda_gb * PRICES["lambda_gb_second"] + PRICES["lambda_request"])
    return {
        "runs": runs * sum(per_run(load, calls, assumed).values()),
        "storage": stored_gb * PRICES["s3_gb_month"],
        "reconciler": idle,
        "key_and_metrics": PRICES["kms_key_month"]
        + assumed.metrics * PRICES["custom_metric_month"],
    }


# What docs/scaling.md shows: times the size, load, workers.
SCALES = (
    (1, Load(), 2),
    (10, Load(rows=30_000_000, files=30), 3),
    (100, Load(rows=300_000_000, files=120), 21),
    (10_000, Load(rows=30_000_000_000, files=6_000), 201),
)
_HEADINGS = (
    *("times", "rows", "bytes", "files", "workers", "job"),
    *("Glue", "S3", "Lambda", "$ a batch", "$ a month"),
)


def table(calls: Mapping[str, Any]) -> str:
    """A Markdown table of the scales, one daily batch each."""
    lines = [
        "| " + " | ".join(_HEADINGS) + " |",
        "| ---: " * len(_HEADINGS) + "|",
    ]
    for times, load, workers in SCALES:
        assumed = Assumptions(workers)
        run, month = per_run(load, calls, assumed), per_month(load, calls, assumed)
        cells = (
            f"{times:,}",
            f"{load.rows / 1e6:,.0f} M",
            f"{load.rows * load.bytes_per_row / 1e9:,.1f} GB",
            f"{load.files:,}",
            f"{workers}",
            f"{job_seconds(load, assumed):,.0f} s",
            f"{run['glue']:.3f}",
            f"{run['s3_pipeline'] + run['s3_spark']:.4f}",
            f"{run['lambda']:.5f}",
            f"{sum(run.values()):.3f}",
            f"{sum(month.values()):,.2f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main(  # noqa: PLR0913, PLR0917 - one argument for each option
    rows: Annotated[int, typer.Option(help="Rows of a batch, all datasets together.")] = 3_000_000,
    files: Annotated[int, typer.Option(help="Files of a batch.")] = 3,
    batches_a_day: Annotated[float, typer.Option(help="Batches a day.")] = 1,
    workers: Annotated[int, typer.Option(min=2, help="G.1X workers.")] = 2,
    calls: Annotated[Path, typer.Option(help="Counts of benchmarks/calls.py.")] = CALLS,
    scales: Annotated[bool, typer.Option("--scales", help="The table of docs/scaling.md.")] = False,
) -> None:
    """Estimate dollars per batch and per month."""
    counted = json.loads(calls.read_text(encoding="utf-8"))
    if scales:
        typer.echo(table(counted), nl=False)
        return
    load, assumed = Load(rows, files, batches_a_day=batches_a_day), Assumptions(workers)
    result = {
        "job_seconds": round(job_seconds(load, assumed)),
        "per_run": _rounded(per_run(load, counted, assumed)),
        "per_month": _rounded(per_month(load, counted, assumed)),
    }
    typer.echo(json.dumps(result, indent=2))


def _rounded(items: Mapping[str, float]) -> dict[str, float]:
    return {
        name: round(value, 6) for name, value in {**items, "total": sum(items.values())}.items()
    }


if __name__ == "__main__":
    typer.run(main)
