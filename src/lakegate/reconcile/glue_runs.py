"""What Glue says of the job's runs: the only truth about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from lakegate.ledger import runs

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import JobRunTypeDef


@dataclass
class GlueRuns:
    """The job's runs as listed at `taken_at`; listed once for a call unless asked to refresh."""

    glue: GlueClient
    job: str
    clock: Callable[[], datetime]
    taken_at: datetime | None = None
    known: list[JobRunTypeDef] = field(default_factory=list)

    def refresh(self) -> GlueRuns:
        """List again, where acting on an old list would start a run twice."""
        self.taken_at = self.clock()
        self.known = list(runs.listed(self.glue, self.job))
        return self

    def of(self, revision: str, attempt: int) -> list[JobRunTypeDef]:
        """All runs of an attempt; there are two if an answer was lost and asked for again."""
        return [run for run in self._list() if runs.of_attempt(run, revision, attempt)]

    def state(self, run_id: str) -> str | None:
        """The state of a run, or None when Glue does not list it."""
        return next((run["JobRunState"] for run in self._list() if run["Id"] == run_id), None)

    def live(self) -> frozenset[str]:
        """Ids of the runs that may still be writing."""
        return frozenset(run["Id"] for run in self._list() if run["JobRunState"] in runs.LIVE)

    def _list(self) -> list[JobRunTypeDef]:
        if self.taken_at is None:
            self.refresh()
        return self.known
