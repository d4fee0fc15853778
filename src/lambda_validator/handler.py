"""Lambda entry: every record of a notification has its turn, then trouble is raised for a retry."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from lakegate.aws.errors import LedgerError
from lakegate.files.event import ObjectRef, Refusal, parse
from lakegate.files.validate import Validator
from lakegate.ledger import gate
from lambda_validator import report
from lambda_validator.wiring import wired_for

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient


def handler(payload: Any, context: object) -> None:
    """Process a notification; raises an ExceptionGroup of the trouble that any record had."""
    run(payload, *wired_for(context))


def run(payload: Any, validator: Validator, glue: GlueClient, job: str) -> None:
    """As `handler`, with what it works with given."""
    trouble: list[Exception] = []
    records = parse(payload, validator.lake.bronze)
    for record in records:
        try:
            _process(record, validator, glue, job)
        except (BotoCoreError, ClientError, LedgerError) as error:
            report.troubled(record, error)
            trouble.append(error)
    if trouble:
        raise ExceptionGroup(f"{len(trouble)} of {len(records)} records had trouble", trouble)


def _process(record: ObjectRef | Refusal, validator: Validator, glue: GlueClient, job: str) -> None:
    begun, now = time.perf_counter(), datetime.now(UTC)
    if isinstance(record, Refusal):
        return report.refused_event(record.reason, now)
    outcome = validator.process(record, now)
    report.decided(outcome, (time.perf_counter() - begun) * 1000, now)
    if outcome.index is None:
        return None
    place = (validator.store, glue, validator.contract, job, outcome.batch)
    return report.gate(gate.advance(*place, now, index=outcome.index))
