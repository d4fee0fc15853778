"""Where a batch stands, and what that adds up to over all batches."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from lakegate.aws import codec
from lakegate.ledger.gate import named

UNITS = {
    "BatchesOverdue": "Count",
    "OldestIncompleteBatchSeconds": "Seconds",
    "OldestUnpublishedBatchSeconds": "Seconds",
    "RunsEscalated": "Count",
    "RunsExhausted": "Count",
}

log = logging.getLogger("reconciler")


@dataclass(frozen=True)
class Standing:
    """One batch: `since` is when it began to be incomplete, or was complete but unpublished.

    `quiet`: nothing is left to do, not even to delete.
    """

    batch: str
    state: Literal["incomplete", "unpublished", "exhausted", "published"]
    since: str = ""
    missing: tuple[str, ...] = ()
    quiet: bool = False


@dataclass
class Tally:
    """What the alarms read: counts and ages in seconds."""

    deadline_minutes: int
    metrics: dict[str, float] = field(default_factory=lambda: dict.fromkeys(UNITS, 0))

    def add(self, standing: Standing, now: datetime) -> None:
        """Count one batch, and log what people must know of it."""
        if standing.state == "published":
            return
        age = max(0.0, (now - codec.moment(standing.since)).total_seconds())
        fields = {"batch": standing.batch, "age_seconds": round(age)}
        if standing.state == "incomplete":
            self._at_least("OldestIncompleteBatchSeconds", age)
            if age > self.deadline_minutes * 60:
                self.metrics["BatchesOverdue"] += 1
                log.warning("batch overdue", extra={**fields, **named(standing.missing)})
            return
        self._at_least("OldestUnpublishedBatchSeconds", age)
        if standing.state == "exhausted":
            self.metrics["RunsExhausted"] += 1
            log.error("all attempts have failed", extra=fields)

    def escalated(self, count: int) -> None:
        """Count the runs that had to go on with the larger engine."""
        self.metrics["RunsEscalated"] += count

    def _at_least(self, name: str, age: float) -> None:
        self.metrics[name] = max(self.metrics[name], round(age))
