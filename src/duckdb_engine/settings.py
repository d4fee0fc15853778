"""What the function is told by its environment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Names of buckets and catalog; the fields are the environment's keys in lower case."""

    control_bucket: str
    silver_bucket: str
    gold_bucket: str
    quarantine_bucket: str
    glue_database: str
    metric_namespace: str = "CommercePipeline"
