"""Lambda entry: every record of a notification is processed, then trouble is raised for a retry."""

from __future__ import annotations

import functools
import logging
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from contract import from_json
from lambda_validator import event, report
from lambda_validator.move import Lake
from lambda_validator.settings import Settings
from lambda_validator.validate import Validator
from ledger import clients, gate
from ledger.errors import LedgerError
from ledger.store import Store

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

CONTRACT = Path(__file__).parents[1] / "pipeline.json"
TROUBLE = (BotoCoreError, ClientError, LedgerError)


@functools.cache
def wired() -> tuple[Validator, GlueClient, str]:
    """The validator, the Glue client and the job's name, made once per process."""
    settings, s3 = Settings.read(os.environ), clients.s3()
    logging.getLogger("lambda_validator").setLevel(logging.INFO)
    buckets = (settings.bronze_bucket, settings.silver_bucket, settings.quarantine_bucket)
    validator = Validator(
        from_json(CONTRACT.read_bytes()), Lake(s3, *buckets), Store(s3, settings.control_bucket)
    )
    return validator, clients.glue_starter(), settings.glue_job


def handler(payload: Any, _context: object) -> dict[str, int]:
    """Process a notification; raises an ExceptionGroup of the trouble that any record had."""
    return run(payload, *wired())


def run(payload: Any, validator: Validator, glue: GlueClient, job: str) -> dict[str, int]:
    """As `handler`, with its collaborators given; answers with the number of records."""
    trouble: list[Exception] = []
    records = event.parse(payload, validator.lake.bronze)
    for record in records:
        begun, now = time.perf_counter(), datetime.now(UTC)
        if isinstance(record, event.Refusal):
            report.refused_event(record.reason, now)
            continue
        try:
            outcome = validator.process(record, now)
            report.decided(outcome, (time.perf_counter() - begun) * 1000, now)
            if outcome.index is not None:
                args = (validator.store, glue, validator.contract, job, outcome.batch, now)
                report.gate(gate.advance(*args, index=outcome.index))
        except TROUBLE as error:
            report.troubled(record, error)
            trouble.append(error)
    if trouble:
        raise ExceptionGroup(f"{len(trouble)} of {len(records)} records had trouble", trouble)
    return {"records": len(records)}
