"""Lambda entry: every record of a notification has its turn, then trouble is raised for a retry."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from lambda_validator import event, report
from lambda_validator.event import ObjectRef, Refusal
from lambda_validator.validate import Validator
from lambda_validator.wiring import wired
from ledger import gate
from ledger.errors import LedgerError

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient


def handler(payload: Any, _context: object) -> dict[str, int]:
    """Process a notification; raises an ExceptionGroup of the trouble that any record had."""
    return run(payload, *wired())


def run(payload: Any, validator: Validator, glue: GlueClient, job: str) -> dict[str, int]:
    """As `handler`, with what it works with given; answers with the number of records."""
    trouble: list[Exception] = []
    records = event.parse(payload, validator.lake.bronze)
    for record in records:
        try:
            _process(record, validator, glue, job)
        except (BotoCoreError, ClientError, LedgerError) as error:
            report.troubled(record, error)
            trouble.append(error)
    if trouble:
        raise ExceptionGroup(f"{len(trouble)} of {len(records)} records had trouble", trouble)
    return {"records": len(records)}


def _process(record: ObjectRef | Refusal, validator: Validator, glue: GlueClient, job: str) -> None:
    begun, now = time.perf_counter(), datetime.now(UTC)
    if isinstance(record, Refusal):
        return report.refused_event(record.reason, now)
    outcome = validator.process(record, now)
    report.decided(outcome, (time.perf_counter() - begun) * 1000, now)
    if (index := outcome.index) is None:
        return None
    store, contract, batch = validator.store, validator.contract, outcome.batch
    return report.gate(gate.advance(store, glue, contract, job, batch, now, index=index))
