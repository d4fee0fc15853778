"""Lambda entry: every record of a notification has its turn, then trouble is raised for a retry."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lakegate.aws.errors import LedgerError
from lakegate.aws.metrics import Metrics
from lakegate.files.event import ObjectRef, Refusal, parse
from lakegate.files.validate import Validator
from lakegate.ledger.gate import Gate
from lambda_validator import report
from lambda_validator.wiring import wired_for


def handler(payload: Any, context: object) -> None:
    """Process a notification; raises an ExceptionGroup of the trouble that any record had."""
    run(payload, *wired_for(context))


def run(payload: Any, validator: Validator, gate: Gate, metrics: Metrics) -> None:
    """As `handler`, with what it works with given."""
    trouble: list[Exception] = []
    records = parse(payload, validator.lake.bronze)
    for record in records:
        try:
            _process(record, validator, gate, metrics)
        except (BotoCoreError, ClientError, LedgerError) as error:
            report.troubled(record, error)
            trouble.append(error)
    if trouble:
        raise ExceptionGroup(f"{len(trouble)} of {len(records)} records had trouble", trouble)


def _process(
    record: ObjectRef | Refusal, validator: Validator, gate: Gate, metrics: Metrics
) -> None:
    begun, now = time.perf_counter(), datetime.now(UTC)
    if isinstance(record, Refusal):
        return report.refused_event(record.reason, now, metrics)
    outcome = validator.process(record, now)
    report.decided(outcome, (time.perf_counter() - begun) * 1000, now, metrics)
    if outcome.index is None:
        return None
    return report.gate(gate.advance(outcome.batch, now, index=outcome.index))
