"""All that the lake knows about one batch, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from lakegate.aws import codec
from lakegate.aws.errors import RecordError
from lakegate.cli.errors import NotFoundError
from lakegate.cli.lake import Unread
from lakegate.cli.reads import job_runs, rejected
from lakegate.cli.reads.rejected import RejectedFiles
from lakegate.cli.reads.revision import Revision
from lakegate.files import naming
from lakegate.files.naming import Leftover
from lakegate.ledger import keys
from lakegate.ledger.gate import Decision, decide
from lakegate.ledger.records import (
    Arrivals,
    Claim,
    Ended,
    Fence,
    Force,
    Heartbeat,
    Published,
    Run,
)

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake, Version
    from lakegate.cli.reads.job_runs import JobRun
    from lakegate.cli.reads.rejected import RejectedFile

R = TypeVar("R")

REVISION = re.compile(r"revisions/(?P<revision>[0-9a-f]+)/(?P<record>[a-z]+(?:-\d+)?)\.json$")


@dataclass(frozen=True)
class Facts:
    """What stands in control, quarantine and Glue about a batch; `unread` could not be read."""

    batch: str
    index: Arrivals | None
    force: Force | None
    published: Published | None
    decision: Decision | None
    revisions: dict[str, Revision] = field(default_factory=dict)
    runs: dict[str, JobRun] = field(default_factory=dict)
    rejections: tuple[RejectedFile, ...] = ()
    unjudged: tuple[Version, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def current(self) -> Revision | None:
        """The revision that the present files make, if they make one."""
        if self.decision is None or not self.decision.complete:
            return None
        return self.revisions.get(self.decision.revision)


def names(lake: Lake) -> list[str]:
    """All batches that left a trace: an upload, an arrival or a rejection."""
    places = (
        (lake.settings.bronze_bucket, ""),
        (lake.settings.control_bucket, "batches/"),
        (lake.settings.quarantine_bucket, "files/"),
    )
    with ThreadPoolExecutor(len(places)) as pool:
        found = pool.map(lambda place: set(lake.folders(*place)), places)
        pattern = re.compile(lake.contract.keys.batch_pattern)
        unknown = lake.contract.keys.unknown_batch
        every = set().union(*found)
        return sorted(name for name in every if pattern.fullmatch(name) or name == unknown)


def collect(lake: Lake, batch: str, recent: Mapping[str, JobRun] | None = None) -> Facts:
    """The facts of a batch. Raises NotFoundError when nothing of it was ever seen.

    `recent` are job runs that were read already; others are asked for one by one.
    """
    settings = lake.settings
    listed = [item.key for item in lake.objects(settings.control_bucket, f"batches/{batch}/")]
    uploaded = _uploaded(lake, batch)
    refused = _refused(lake, batch, {item.key for item in uploaded})
    refusals = refused.files
    if not listed and not refusals and not uploaded:
        raise NotFoundError(f"No batch {batch!r}: nothing of it was ever uploaded.")
    read = lake.documents(settings.control_bucket, listed)
    records = Records(read.found, [*refused.unread, *read.unread])
    index = records.one(Arrivals, keys.arrivals(batch))
    force = records.one(Force, keys.force(batch))
    revisions = _revisions(records)
    published = records.one(Published, keys.published(batch))
    return Facts(
        batch=batch,
        index=index,
        force=force,
        published=published,
        decision=None if index is None else decide(lake.contract.gate.required, index, force),
        revisions=revisions,
        runs=_runs(lake, revisions, recent or {}) | _function_runs(revisions, published),
        rejections=refusals,
        unjudged=_unjudged(uploaded, index, refusals),
        unread=tuple(records.unread),
    )


@dataclass(frozen=True)
class Records:
    """Documents as records; those that cannot be read as such are noted in `unread`."""

    documents: dict[str, dict[str, Any]]
    unread: list[Unread]

    def one(self, kind: type[R], key: str) -> R | None:
        """The record under a key, or None."""
        if key not in self.documents:
            return None
        try:
            return codec.decode(kind, self.documents[key])
        except RecordError as error:
            self.unread.append(Unread(key, f"cannot be read: {error}"))
            return None


def _uploaded(lake: Lake, batch: str) -> list[Version]:
    """The versions in a batch's folder; of the default batch, which has none, those at the root."""
    bucket = lake.settings.bronze_bucket
    if batch != lake.contract.keys.default_batch:
        inside = lake.versions(bucket, f"{batch}/")
        # The validator says nothing of what tools leave beside files.
        return [
            item
            for item in inside
            if not isinstance(naming.parse(item.key, lake.contract), Leftover)
        ]
    found = ((item, _name(lake, item.key)) for item in lake.versions(bucket, "", "/"))
    return [item for item, name in found if name and not name["batch"]]


def _name(lake: Lake, key: str) -> re.Match[str] | None:
    return lake.contract.key_pattern.fullmatch(key)


def _refused(lake: Lake, batch: str, uploaded: set[str]) -> RejectedFiles:
    """The rejections of a batch, and those of its files whose names say nothing of a batch."""
    found, unknown = rejected.of_batches(lake, [batch]), lake.contract.keys.unknown_batch
    if batch != unknown and not all(_name(lake, key) for key in uploaded):
        strays = rejected.of_batches(lake, [unknown])
        own = tuple(item for item in strays.files if item.key in uploaded)
        return RejectedFiles(found.files + own, found.unread)
    return found


def _unjudged(
    uploaded: list[Version], index: Arrivals | None, refusals: tuple[RejectedFile, ...]
) -> tuple[Version, ...]:
    known = {item.version_id for item in refusals}
    accepted = {short for shorts in index.accepted.values() for short in shorts} if index else set()
    return tuple(
        item
        for item in uploaded
        if item.version_id not in known and keys.short_version(item.version_id) not in accepted
    )


def _revisions(records: Records) -> dict[str, Revision]:
    found: dict[str, dict[str, str]] = {}
    for key in records.documents:
        if match := REVISION.search(key):
            found.setdefault(match["revision"], {})[match["record"]] = key

    def all_of(kind: type[R], named: dict[str, str], word: str) -> tuple[R, ...]:
        every = (records.one(kind, named[name]) for name in sorted(named) if name.startswith(word))
        return tuple(item for item in every if item is not None)

    return {
        revision: Revision(
            revision=revision,
            claim=records.one(Claim, named.get("claim", "")),
            run=records.one(Run, named.get("run", "")),
            fences=all_of(Fence, named, "attempt-"),
            report=records.documents.get(named.get("report", "")),
            heartbeats=all_of(Heartbeat, named, "heartbeat-"),
        )
        for revision, named in found.items()
    }


def _runs(
    lake: Lake, revisions: dict[str, Revision], recent: Mapping[str, JobRun]
) -> dict[str, JobRun]:
    """What Glue says of its runs."""
    found_in = revisions.values()
    claimed = [item.claim for item in found_in if item.claim is not None]
    runs = [item.run for item in found_in if item.run is not None]
    records: list[Run | Fence | Ended] = [*runs]
    records += [fence for item in found_in for fence in item.fences]
    records += [ended for claim in claimed for ended in claim.ended]
    wanted = {item.run_id for item in records if item.engine == "spark" and item.run_id}
    found = {run_id: recent[run_id] for run_id in wanted & set(recent)}
    for run_id in sorted(wanted - set(recent)):
        run = job_runs.one(lake, run_id)
        if run is not None:
            found[run_id] = run
    return found


def _function_runs(
    revisions: dict[str, Revision], published: Published | None
) -> dict[str, JobRun]:
    """The runs of the function, which the ledger alone knows of."""
    return {
        fence.run_id: job_runs.of_function(fence, item, published)
        for item in revisions.values()
        for fence in item.fences
        if fence.engine != "spark"
    }
