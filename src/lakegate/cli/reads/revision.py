"""A revision as its records in the control bucket tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lakegate.ledger.records import Claim, Fence, Heartbeat, Run


@dataclass(frozen=True)
class Revision:
    """The records of one revision."""

    revision: str
    claim: Claim | None = None
    run: Run | None = None
    fences: tuple[Fence, ...] = ()
    report: dict[str, Any] | None = None
    heartbeats: tuple[Heartbeat, ...] = ()

    def working(self, attempt: int) -> str | None:
        """The run that does or did the work of an attempt, as far as it is known.

        That of a function is known by its fence only: what stands in `run` is Lambda's request.
        """
        for fence in self.fences:
            if fence.attempt == attempt and fence.engine != "spark":
                return fence.run_id
        if self.run is None or self.run.attempt < attempt or self.run.engine != "spark":
            return None
        return self.run.run_id
