"""What the handler works with: once per process from environment and zip, then for each call."""

from __future__ import annotations

import functools
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from duckdb_engine.settings import Settings
from lakegate.aws import clients
from lakegate.aws.metrics import Metrics
from lakegate.aws.settings import read
from lakegate.aws.store import Store
from lakegate.ledger.catalog import Catalog
from lakegate.ledger.engines.heartbeat import Pulse
from lakegate.transform import artifacts
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.duckdb.exhaustion import Deadline
from lakegate.transform.engines.duckdb.resources import of_function
from lakegate.transform.run import Attempt, Buckets

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# Time that is left to a run that has to stop: to say so in its report.
RESERVE_SECONDS = 15
UNITS = {"RunSeconds": "Seconds", "RunsFailed": "Count"}


@dataclass(frozen=True)
class Wiring:
    """One deployment of the function."""

    project: Project
    buckets: Buckets
    s3: S3Client
    store: Store
    catalog: Catalog
    metrics: Metrics

    def engine(self, attempt: Attempt, scratch: Path, seconds: float) -> DuckDBEngine:
        """The engine of a call that is stopped after so many seconds."""
        ends_by = _now() + timedelta(seconds=seconds)
        place = attempt.batch, attempt.revision, attempt.number, attempt.run_id
        return DuckDBEngine(
            self.project.contract,
            of_function(scratch, os.environ),
            self.s3,
            Deadline(seconds - RESERVE_SECONDS),
            alive=Pulse(self.store, *place, ends_by, _now),
        )


@functools.cache
def wired() -> Wiring:
    """Raises KeyError naming a missing setting."""
    logging.getLogger("duckdb_engine").setLevel(logging.INFO)
    settings, s3 = read(Settings, os.environ), clients.s3()
    project = artifacts.project("duckdb")
    tables = tuple(project.contract.gold_tables)
    return Wiring(
        project=project,
        buckets=Buckets(settings.silver_bucket, settings.gold_bucket, settings.quarantine_bucket),
        s3=s3,
        store=Store(s3, settings.control_bucket),
        catalog=Catalog(clients.glue(), settings.glue_database, tables, settings.gold_bucket),
        metrics=Metrics(settings.metric_namespace, UNITS),
    )


def _now() -> datetime:
    return datetime.now(UTC)
