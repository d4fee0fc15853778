"""The whole lake at a glance: zones, batches, runs and the newest rows of gold."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakegate.aws import codec
from lakegate.cli.reads import gold, job_runs, overview, state
from lakegate.cli.reads.job_runs import JobRun
from lakegate.ledger import keys
from lakegate.ledger.engines import glue
from lakegate.ledger.records import Published

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake, Object, Unread
    from lakegate.cli.reads.facts import Facts

ZONES = ("bronze", "silver", "quarantine", "gold")
LISTED = 2000
NEWEST = 8
RUNS = 12
ROWS = 8


@dataclass(frozen=True)
class Zone:
    """One bucket; `more` says that it holds more objects than were counted. `size` in bytes."""

    name: str
    bucket: str
    count: int
    more: bool
    size: int
    newest: tuple[Object, ...]


@dataclass(frozen=True)
class Ran:
    """A run and what it was for."""

    run: JobRun
    batch: str
    attempt: str


@dataclass(frozen=True)
class Rows:
    """The first rows of what was published last."""

    batch: str
    revision: str
    total: int
    published_at: str
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Snapshot:
    """The lake at one moment."""

    at: datetime
    zones: tuple[Zone, ...]
    batches: tuple[state.Status, ...]
    runs: tuple[Ran, ...]
    gold: Rows | None
    skipped: tuple[Unread, ...] = ()


def take(lake: Lake) -> Snapshot:
    """Look at everything once. AWS errors propagate."""
    now = datetime.now(UTC)
    with ThreadPoolExecutor(4) as pool:
        zones = pool.map(lambda name: zone(lake, name), ZONES)
        batches = pool.submit(overview.last, lake, 50, now)
        listed = pool.submit(glue_runs, lake)
        found = batches.result()
        ran = newest_runs([*listed.result(), *function_runs(found.facts)])
        rows = newest_rows(lake, found.statuses)
        return Snapshot(now, tuple(zones), found.statuses, ran, rows, found.skipped)


def zone(lake: Lake, name: str) -> Zone:
    """What lies in a bucket, the newest objects first; folders' markers are left out."""
    bucket: str = getattr(lake.settings, f"{name}_bucket")
    found = list(itertools.islice(lake.objects(bucket, ""), LISTED + 1))
    shown = sorted(
        (item for item in found if item.size), key=lambda item: item.modified, reverse=True
    )
    return Zone(
        name=name,
        bucket=bucket,
        count=len(found[:LISTED]),
        more=len(found) > LISTED,
        size=sum(item.size for item in found),
        newest=tuple(shown[:NEWEST]),
    )


def newest_runs(every: list[Ran]) -> tuple[Ran, ...]:
    """The newest runs of both engines, newest first."""
    begun = [item for item in every if item.run.started_at is not None]
    begun.sort(key=lambda item: item.run.started_at or item.run.run_id, reverse=True)
    return tuple(begun[:RUNS])


def glue_runs(lake: Lake) -> list[Ran]:
    """The newest runs of the job."""
    return [
        Ran(
            job_runs.from_glue(run),
            run.get("Arguments", {}).get("--BATCH_ID", ""),
            run.get("Arguments", {}).get("--ATTEMPT", ""),
        )
        for run in glue.listed(lake.glue, lake.settings.glue_job, pages=1)
    ]


def function_runs(batches: Sequence[Facts]) -> list[Ran]:
    """The runs of the function, of these batches."""
    return [
        Ran(item.runs[fence.run_id], item.batch, str(fence.attempt))
        for item in batches
        for revision in item.revisions.values()
        for fence in revision.fences
        if fence.engine != "spark"
    ]


def newest_rows(lake: Lake, batches: Sequence[state.Status]) -> Rows | None:
    """The first rows of the batch that was published last, or None before the first."""
    names = [keys.published(item.batch) for item in batches if item.published_revision]
    documents = lake.documents(lake.settings.control_bucket, names).found
    pointers = [codec.decode(Published, document) for document in documents.values()]
    if not pointers:
        return None
    newest = max(pointers, key=lambda pointer: pointer.published_at)
    table = gold.chosen(lake, newest)
    rows, total = gold.head(lake, newest.tables[table], ROWS), newest.rows[table]
    return Rows(newest.batch, newest.revision, total, newest.published_at, tuple(rows))
