"""What the handler works with, made once per process from its environment and its zip."""

from __future__ import annotations

import functools
import logging
import os
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from lakegate.aws import clients
from lakegate.aws.errors import ContentionError
from lakegate.aws.metrics import Metrics
from lakegate.aws.settings import read
from lakegate.aws.store import Store
from lakegate.contract import from_json
from lakegate.files.move import Lake
from lakegate.files.validate import Validator
from lakegate.ledger.engines.deployed import starters
from lakegate.ledger.gate import Gate
from lambda_validator.report import UNITS
from lambda_validator.settings import Settings

CONTRACT = Path(__file__).parents[1] / "pipeline.json"


# Milliseconds that are left to tell of a call that ends early.
RESERVE_MS = 10_000


def wired_for(context: object) -> tuple[Validator, Gate, Metrics]:
    """As `wired`, with parts that know how long the call of this context may last.

    What waits for its turn at a record gives up in time, as trouble that Lambda tries again.
    """
    validator, gate, metrics = wired()
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    if remaining is None:
        return validator, gate, metrics

    def sleep(seconds: float) -> None:
        if remaining() - seconds * 1000 < RESERVE_MS:
            raise ContentionError("the time of the call is over before its turn has come")
        time.sleep(seconds)

    store = Store(validator.store.s3, validator.store.bucket, sleep)
    validator = replace(validator, store=store, spent=lambda: remaining() < RESERVE_MS)
    return validator, replace(gate, store=store), metrics


@functools.cache
def wired() -> tuple[Validator, Gate, Metrics]:
    """Validator, gate and metrics. Raises KeyError naming a missing setting."""
    logging.getLogger("lambda_validator").setLevel(logging.INFO)
    settings, s3 = read(Settings, os.environ), clients.s3()
    lake = Lake(s3, settings.bronze_bucket, settings.silver_bucket, settings.quarantine_bucket)
    store, contract = Store(s3, settings.control_bucket), from_json(CONTRACT.read_bytes())
    engines = starters(store, clients.glue(), settings.glue_job, settings.duckdb_function, _now)
    metrics = Metrics(settings.metric_namespace, UNITS)
    validator = Validator(contract, lake, store)
    return validator, Gate(store, engines, contract, validator.announced), metrics


def _now() -> datetime:
    return datetime.now(UTC)
