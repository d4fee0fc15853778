"""Everything from bronze again: the reconciler finds every file that the ledger does not know."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from lakegate.cli.actions import operations
from lakegate.cli.errors import BatchFailedError, TimedOutError
from lakegate.cli.lake import Lake
from lakegate.cli.reads import overview

EVERY_BATCH = 1_000_000
NAMED = 10  # failed batches that the error names
# States in which a batch waits for people, not for the pipeline.
RESTING = frozenset({"published", "failed", "waiting", "overdue", "rejected"})


@dataclass(frozen=True)
class Progress:
    """How far it is: batches by state, files that no one has judged yet, batches that failed."""

    batches: dict[str, int]
    unjudged: int
    failed: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether all that bronze holds has come to its end."""
        return not self.unjudged and set(self.batches) <= RESTING


def rebuild(
    lake: Lake, timeout: float, every: float, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Progress]:
    """Wake the reconciler until all that bronze holds has come to its end; times in seconds.

    Nothing is deleted and nothing that stands is done again. Raises TimedOutError, and at the end
    BatchFailedError if a batch has failed.
    """
    until = time.monotonic() + timeout
    while True:
        operations.wake(lake)
        sleep(every)
        found = progress(lake)
        yield found
        if found.done:
            break
        if time.monotonic() > until:
            raise TimedOutError(f"not all is rebuilt after {timeout:g} s; ask again: it goes on")
    if found.failed:
        named, more = found.failed[:NAMED], len(found.failed) - NAMED
        rest = f" and {more} more" if more > 0 else ""
        raise BatchFailedError(f"failed: {', '.join(named)}{rest}; see lakegate explain <batch>")


def progress(lake: Lake) -> Progress:
    """Where all batches stand now."""
    statuses = overview.last(lake, EVERY_BATCH, datetime.now(UTC)).statuses
    batches: dict[str, int] = {}
    for item in statuses:
        batches[item.state] = batches.get(item.state, 0) + 1
    failed = tuple(sorted(item.batch for item in statuses if item.state == "failed"))
    return Progress(batches, sum(item.unjudged_files for item in statuses), failed)
