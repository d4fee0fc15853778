"""Every key of the lake, in one place; all are built from parsed fields, never from a raw key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class FileName:
    """A parsed bronze key: `[<batch>/]<dataset>[-<part>]<suffix>`."""

    batch: str
    dataset: str
    part: str | None = None
    suffix: str = ".json"

    @property
    def stem(self) -> str:
        """`events` or `events-0007`."""
        return self.dataset if self.part is None else f"{self.dataset}-{self.part}"

    @property
    def name(self) -> str:
        """The name as uploaded: `events.json` or `events-0007.csv.gz`."""
        return f"{self.stem}{self.suffix}"


def file_of_stem(batch: str, stem: str) -> FileName:
    """The name whose stem it is; dataset names hold no dash."""
    dataset, _, part = stem.partition("-")
    return FileName(batch, dataset, part or None)


def short_version(version_id: str) -> str:
    """Twelve hex digits that stand for an S3 version id in keys."""
    return hashlib.sha256(version_id.encode()).hexdigest()[:12]


def silver(file: FileName, version: str) -> str:
    """Where an accepted version lies in silver."""
    return f"{file.dataset}/batch_id={file.batch}/{file.stem}.{version}.json"


def rejection(batch: str, stem: str, version: str) -> str:
    """Where the record of a rejected version lies in quarantine."""
    return f"files/{batch}/{stem}.{version}.json"


def rejected_rows(dataset: str, batch: str, run: str) -> str:
    """Prefix of the rejected rows of a run in quarantine, with a trailing slash."""
    return f"rows/{dataset}/batch_id={batch}/run_id={run}/"


def gold_run(table: str, batch: str, run: str) -> str:
    """Prefix of what one run wrote in gold, with a trailing slash."""
    return f"{table}/batch_id={batch}/run_id={run}/"


def gold_batch(table: str, batch: str) -> str:
    """Prefix of all runs of a batch in gold, with a trailing slash."""
    return f"{table}/batch_id={batch}/"


def arrivals(batch: str) -> str:
    """The index of what has arrived of a batch."""
    return f"batches/{batch}/arrivals/index.json"


def force(batch: str) -> str:
    """An operator's order to go on without something."""
    return f"batches/{batch}/force.json"


def revision(batch: str, revision_id: str, record: str) -> str:
    """A record of a revision: claim, attempt-N, heartbeat-N, run or report."""
    return f"batches/{batch}/revisions/{revision_id}/{record}.json"


def claim(batch: str, revision_id: str) -> str:
    """The right to run a revision."""
    return revision(batch, revision_id, "claim")


def run(batch: str, revision_id: str) -> str:
    """The run of the latest started attempt."""
    return revision(batch, revision_id, "run")


def fence(batch: str, revision_id: str, attempt: int) -> str:
    """The run that does the work of an attempt."""
    return revision(batch, revision_id, f"attempt-{attempt}")


def heartbeat(batch: str, revision_id: str, attempt: int) -> str:
    """The sign of life of the run that does the work of an attempt."""
    return revision(batch, revision_id, f"heartbeat-{attempt}")


def published(batch: str) -> str:
    """The pointer that readers follow."""
    return f"batches/{batch}/published.json"
