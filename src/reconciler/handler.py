"""Lambda entry: one bounded, resumable pass; what the event says is a hint at most."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from lakegate.aws import clients
from lakegate.aws.metrics import Metrics
from lakegate.aws.settings import read
from lakegate.aws.store import Store
from lakegate.contract import from_json
from lakegate.files.move import Lake
from lakegate.files.validate import Validator
from lakegate.ledger.catalog import Catalog
from lakegate.ledger.engines.deployed import starters
from lakegate.ledger.engines.function import Failure
from lakegate.ledger.gate import Gate
from lakegate.reconcile.budget import Budget
from lakegate.reconcile.reconciler import Reconciler
from lakegate.reconcile.standing import UNITS
from reconciler.settings import Settings

CONTRACT = Path(__file__).parents[1] / "pipeline.json"


class Context(Protocol):
    """What Lambda tells of the call."""

    @property
    def get_remaining_time_in_millis(self) -> Callable[[], int]: ...


@functools.cache
def wired() -> Reconciler:
    """The reconciler, made once per process."""
    settings, s3, glue = read(Settings, os.environ), clients.s3(), clients.glue()
    logging.getLogger("reconciler").setLevel(logging.INFO)
    buckets = (settings.bronze_bucket, settings.silver_bucket, settings.quarantine_bucket)
    store, contract = Store(s3, settings.control_bucket), from_json(CONTRACT.read_bytes())
    tables = tuple(contract.gold_tables)
    engines = starters(store, glue, settings.glue_job, settings.duckdb_function, _now)
    validator = Validator(contract, Lake(s3, *buckets), store)
    return Reconciler(
        validator=validator,
        gate=Gate(store, engines, contract, validator.announced),
        catalog=Catalog(glue, settings.glue_database, tables, settings.gold_bucket),
        clock=_now,
        metrics=Metrics(settings.metric_namespace, UNITS),
    )


def _now() -> datetime:
    return datetime.now(UTC)


def handler(event: Any, context: Context) -> dict[str, int]:
    """Go on where the last call stopped; raises an ExceptionGroup of the trouble there was."""
    told = event if isinstance(event, dict) else {}
    failure = Failure.read(told)
    ended = failure is not None or told.get("detail-type") == "Glue Job State Change"
    budget = Budget(context.get_remaining_time_in_millis)
    return wired().run(budget, look_at_bronze=not ended, failure=failure)
