"""The last batches at a glance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from lakegate.cli.errors import NotFoundError
from lakegate.cli.lake import Lake, Unread
from lakegate.cli.reads import facts, job_runs, state


@dataclass(frozen=True)
class Overview:
    """The last batches by name, newest name first, and what could not be shown."""

    facts: tuple[facts.Facts, ...]
    statuses: tuple[state.Status, ...]
    skipped: tuple[Unread, ...]


def last(lake: Lake, count: int, now: datetime) -> Overview:
    """All that can be shown of the last batches: one odd name or record hides no other batch."""
    names, recent = facts.names(lake)[-count:][::-1], job_runs.recent(lake)

    def one(name: str) -> facts.Facts | Unread:
        try:
            return facts.collect(lake, name, recent)
        except NotFoundError:
            return Unread(name, "holds no file of a batch")

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, names))
    known = tuple(item for item in found if isinstance(item, facts.Facts))
    skipped = [item for item in found if isinstance(item, Unread)]
    return Overview(
        facts=known,
        statuses=tuple(state.status(item, lake.contract, now) for item in known),
        skipped=(*skipped, *(unread for item in known for unread in item.unread)),
    )
