"""What the pipeline costs on AWS at any size, from counted requests and list prices (us-east-1)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.cost.prices import PRICES, dollars_of_calls
from lakegate.cli.web import cost

MONTH_DAYS = 30
VCPU_MB = 1769  # of memory, with which Lambda gives one whole processor
FUNCTION_SECONDS = 900  # the longest that Lambda runs


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
    duckdb_mb: int = 3008
    duckdb_rows_per_core_second: int = 326_000  # 3 x 1M rows in 4.6 s on two cores
    duckdb_start_seconds: float = 3
    cores_per_worker: int = 4
    rows_per_core_second: int = 95_000  # the job at 3 x 10M rows: results/job.json
    start_seconds: float = 45
    lambda_gb: float = 1769 / 1024  # validator and reconciler, as Terraform has them
    lambda_seconds_per_file: float = 0.5
    spark_writes_per_task: float = 6  # staged file, its copy, markers
    spark_reads_per_task: float = 8
    task_bytes: int = 128 * 2**20
    index_requests_per_file: float = 2  # more under contention: see benchmarks/cost/contention.py
    metrics: int = 16  # of three datasets without a rejection: 3 x (1 + 3), and the reconciler's 4
    alarms: int = 24
    dashboards: int = 1
    engine: str = "spark"

    @property
    def executors(self) -> int:
        """Workers that compute."""
        return max(1, self.workers - 1)

    @property
    def vcpus(self) -> float:
        """Processors that come with the function's memory."""
        return self.duckdb_mb / VCPU_MB


def job_seconds(load: Load, assumed: Assumptions) -> float:
    """Billed seconds of one run, from 60."""
    rate = assumed.executors * assumed.cores_per_worker * assumed.rows_per_core_second
    return max(cost.GLUE_MINIMUM_SECONDS, assumed.start_seconds + load.rows / rate)


def duckdb_seconds(load: Load, assumed: Assumptions) -> float:
    """Billed seconds of one run in the function."""
    rate = assumed.vcpus * assumed.duckdb_rows_per_core_second
    return assumed.duckdb_start_seconds + load.rows / rate


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
    if assumed.engine == "duckdb":
        seconds, computed = duckdb_seconds(load, assumed), 0.0
        engine_gb_seconds = seconds * assumed.duckdb_mb / 1024
        spark, s3_calls = {"PutObject": load.files, "GetObject": tasks}, load.files + tasks
    else:
        computed = job_seconds(load, assumed) * assumed.workers / 3600
        engine_gb_seconds = 0.0
    gb_seconds = load.files * assumed.lambda_seconds_per_file * assumed.lambda_gb
    gb_seconds += engine_gb_seconds
    return {
        "glue": computed * PRICES["glue_dpu_hour"],
        "s3_pipeline": requests,
        "s3_spark": dollars_of_calls(spark),
        "lambda": gb_seconds * PRICES["lambda_gb_second"] + load.files * PRICES["lambda_request"],
        # with bucket keys about one request in a hundred reaches KMS
        "kms": (load.files * 5 + s3_calls) / 100 * PRICES["kms_request"],
    }


def per_month(load: Load, calls: Mapping[str, Any], assumed: Assumptions) -> dict[str, float]:
    """Dollars of a month: runs, storage, and what is paid without any run."""
    runs = load.batches_a_day * MONTH_DAYS
    stored_gb = 2 * load.rows * load.bytes_per_row * load.batches_a_day * load.kept_days / 1e9
    looks = 12 * 24 * MONTH_DAYS  # the reconciler, every five minutes
    idle = looks * dollars_of_calls(calls["reconciler_at_rest"])
    idle += looks * (assumed.lambda_gb * PRICES["lambda_gb_second"] + PRICES["lambda_request"])
    return {
        "runs": runs * sum(per_run(load, calls, assumed).values()),
        "storage": stored_gb * PRICES["s3_gb_month"],
        "reconciler": idle,
        "key": PRICES["kms_key_month"],
        "metrics": assumed.metrics * PRICES["custom_metric_month"],
        "alarms": assumed.alarms * PRICES["alarm_month"],
        "dashboard": assumed.dashboards * PRICES["dashboard_month"],
    }
