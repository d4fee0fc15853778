"""How long each part of a run took, from the last upload to what readers see."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakegate.aws import codec

if TYPE_CHECKING:
    from lakegate.cli.reads.facts import Facts
    from lakegate.cli.reads.job_runs import JobRun
    from lakegate.cli.reads.revision import Revision


@dataclass(frozen=True)
class Phase:
    """A stretch of time between two moments of the batch; `kind` is wait or work."""

    name: str
    start: datetime
    end: datetime
    kind: str

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


def phases(found: Facts, revision: Revision, job: JobRun | None) -> list[Phase]:
    """From the last upload to what readers see, as far as it is known."""
    claim, report = revision.claim, revision.report
    moments: list[tuple[str, str, datetime | None]] = []
    if claim is not None and found.index is not None:
        keys = {item.stem for item in claim.inputs}
        arrivals = [item for stem, item in found.index.files.items() if stem in keys]
        written = max((codec.moment(item.last_modified) for item in arrivals), default=None)
        moments += [
            ("last file written", "wait", written),
            ("validator", "work", codec.moment(claim.completed_at)),
            ("gate", "wait", codec.moment(claim.claimed_at)),
        ]
    if revision.run is not None:
        moments.append(("start", "wait", codec.moment(revision.run.started_at)))
    if report is not None:
        begins = "the function begins" if report.get("engine") == "duckdb" else "Glue gets ready"
        moments.append((begins, "wait", codec.moment(report["started_at"])))
        moments += _stages(report)
    if found.published is not None and found.published.revision == revision.revision:
        moments.append(("pointer", "work", codec.moment(found.published.published_at)))
    if job is not None:
        moments.append(("run ends", "wait", job.completed_at))
    known = [(name, kind, at) for name, kind, at in moments if at is not None]
    return [
        Phase(name, before, after, kind)
        for (_, _, before), (name, kind, after) in itertools.pairwise(known)
        if after > before
    ]


def _stages(report: dict[str, Any]) -> list[tuple[str, str, datetime | None]]:
    at, stages = codec.moment(report["started_at"]).timestamp(), []
    for name, seconds in report.get("seconds", {}).items():
        at += seconds
        stages.append((name, "work", datetime.fromtimestamp(at, UTC)))
    return [(name, kind, moment) for name, kind, moment in stages]
