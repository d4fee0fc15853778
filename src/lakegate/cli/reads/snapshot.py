"""The whole lake at a glance: zones, batches, runs and the newest rows of gold."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakegate.aws import codec
from lakegate.cli.actions import watching
from lakegate.cli.reads import gold, job_runs, state
from lakegate.cli.reads.job_runs import JobRun
from lakegate.ledger import keys
from lakegate.ledger.engines import glue
from lakegate.ledger.records import Published

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake, Object

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
    """A job run and what it was for."""

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


def take(lake: Lake) -> Snapshot:
    """Look at everything once. AWS errors propagate."""
    now = datetime.now(UTC)
    with ThreadPoolExecutor(4) as pool:
        zones = pool.map(lambda name: zone(lake, name), ZONES)
        batches = pool.submit(watching.statuses, lake, 50, now)
        ran = pool.submit(newest_runs, lake)
        found = batches.result()
        return Snapshot(now, tuple(zones), tuple(found), ran.result(), newest_rows(lake, found))


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


def newest_runs(lake: Lake) -> tuple[Ran, ...]:
    """The newest runs of the job, newest first."""
    listed = list(glue.listed(lake.glue, lake.settings.glue_job, pages=1))
    listed.sort(key=lambda run: run["StartedOn"], reverse=True)
    return tuple(
        Ran(
            job_runs.from_glue(run),
            run.get("Arguments", {}).get("--BATCH_ID", ""),
            run.get("Arguments", {}).get("--ATTEMPT", ""),
        )
        for run in listed[:RUNS]
    )


def newest_rows(lake: Lake, batches: list[state.Status]) -> Rows | None:
    """The first rows of the batch that was published last, or None before the first."""
    names = [keys.published(item.batch) for item in batches if item.published_revision]
    documents = lake.documents(lake.settings.control_bucket, names)
    pointers = [codec.decode(Published, document) for document in documents.values()]
    if not pointers:
        return None
    newest = max(pointers, key=lambda pointer: pointer.published_at)
    table = gold.chosen(lake, newest)
    rows, total = gold.head(lake, newest.tables[table], ROWS), newest.rows[table]
    return Rows(newest.batch, newest.revision, total, newest.published_at, tuple(rows))
