"""What the functions are told by their environment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Names of buckets and engines; the fields are the environment's keys in lower case.

    Without a `duckdb_function` that engine is not deployed.
    """

    bronze_bucket: str
    silver_bucket: str
    quarantine_bucket: str
    control_bucket: str
    glue_job: str
    metric_namespace: str
    duckdb_function: str = ""
