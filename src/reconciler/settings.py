"""What the function is told by its environment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Names of buckets, engines and catalog; the fields are the environment's keys in lower case.

    Without a `duckdb_function` that engine is not deployed.
    """

    bronze_bucket: str
    silver_bucket: str
    gold_bucket: str
    quarantine_bucket: str
    control_bucket: str
    glue_job: str
    glue_database: str
    metric_namespace: str
    duckdb_function: str = ""
