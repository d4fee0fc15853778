"""One log line and one set of metrics for each decision; neither holds a byte of the content."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from lakegate.aws.metrics import Metrics
from lakegate.files.event import ObjectRef, Refusal
from lakegate.files.validate import Outcome
from lakegate.files.verdict import Rejected
from lakegate.ledger.gate import GateOutcome, named

UNITS = {
    "FilesAccepted": "Count",
    "FilesRejected": "Count",
    "FilesIgnored": "Count",
    "EventsRefused": "Count",
    "BytesAccepted": "Bytes",
    "DurationMs": "Milliseconds",
}

log = logging.getLogger("lambda_validator")


def decided(outcome: Outcome, duration_ms: float, now: datetime, metrics: Metrics) -> None:
    """Log and count what became of one version."""
    verdict, ref = outcome.verdict, outcome.ref
    fields: dict[str, Any] = {
        "key": ref.key,
        "version_id": ref.version_id,
        "batch": outcome.batch,
        "dataset": outcome.dataset,
        "size": outcome.size,
        "duration_ms": round(duration_ms, 1),
    }
    if verdict is None:
        if outcome.index is None:
            log.info("leftover ignored", extra=fields)
            metrics.emit({"FilesIgnored": 1}, now, {})
        else:
            log.info("accepted before", extra=fields)
        return
    if isinstance(verdict, Rejected):
        fields |= {"code": verdict.code.value, "offset": verdict.offset, "line": verdict.line}
        log.warning("file rejected", extra=fields)
        values = {"FilesRejected": 1, "DurationMs": duration_ms}
        dimensions = {"dataset": outcome.dataset, "code": verdict.code.value}
    else:
        fields |= {"lines": verdict.lines, "bad_lines": verdict.bad_lines}
        log.info("file accepted", extra=fields)
        values = {
            "FilesAccepted": 1,
            "BytesAccepted": outcome.size or 0,
            "DurationMs": duration_ms,
        }
        dimensions = {"dataset": outcome.dataset}
    metrics.emit(values, now, dimensions)


def refused_event(reason: str, now: datetime, metrics: Metrics) -> None:
    """Log and count a record of an event that is not for us."""
    log.warning("event refused", extra={"code": reason})
    metrics.emit({"EventsRefused": 1}, now, {"code": reason})


def gate(outcome: GateOutcome) -> None:
    """Log what one look at the gate led to."""
    fields = {"batch": outcome.batch, "state": outcome.state, "revision": outcome.revision}
    log.info("gate looked at", extra={**fields, **named(outcome.missing)})


def troubled(ref: ObjectRef | Refusal, error: Exception) -> None:
    """Log trouble with AWS; the platform counts it as an error of the invocation."""
    key, version = (ref.key, ref.version_id) if isinstance(ref, ObjectRef) else (None, None)
    fields = {"key": key, "version_id": version, "error": type(error).__name__}
    log.error("record failed, to be retried", extra={**fields, "reason": str(error)[:500]})
