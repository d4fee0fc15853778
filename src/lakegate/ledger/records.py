"""The records of the control bucket, each with the version of its layout.

`version` is the layout that a record is written in, `reads_from` the oldest one whose code may
read it: a field that older code may lose keeps it, one that changes what the older code would do
raises it. `lakegate.aws.codec` has the rule for reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

ClaimState = Literal["starting", "pending", "exhausted"]
# The reason of an attempt that judged the data: no other attempt would judge them otherwise.
REFUSED = "refused"
Engine = Literal["spark", "duckdb"]
# Whose word the engine of a claim was: the contract's, that of `auto`, an operator's, or that of an
# attempt that found the other engine too small.
EngineBy = Literal["contract", "auto", "operator", "escalation"]


@dataclass(frozen=True)
class Arrival:
    """One accepted version of one file.

    `sequencer` is that of the S3 event. Without one (a version that was found by listing), `after`
    holds the short ids of the versions that the listing showed to be older ones of the same key.
    `name` is the file's as uploaded (`orders.csv.gz`), `shape`, `encoding` and `compression` what
    was found in it, `bytes_before` and `bytes_after` the sizes in bronze and in silver, `casts`
    those of this file alone (empty: the dataset's). `etag` and `checksum` are the silver object's.
    `records` counts what a conversion split into lines.
    """

    key: str
    version_id: str
    size: int
    last_modified: str
    accepted_at: str
    sequencer: str | None = None
    after: tuple[str, ...] = ()
    name: str = ""
    shape: str = ""
    encoding: str = ""
    compression: str = ""
    bytes_before: int | None = None
    bytes_after: int | None = None
    casts: str = ""
    etag: str = ""
    checksum: str = ""
    records: int | None = None


@dataclass(frozen=True)
class Manifest:
    """One accepted version of a batch's `_manifest.json`; `files` are stems, as `events-0007`."""

    key: str
    version_id: str
    files: tuple[str, ...]
    last_modified: str
    accepted_at: str
    sequencer: str | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrivals:
    """What has arrived of a batch: the newest accepted version of each file.

    `files` may go into a revision; `landed` are those that no run reads. `generation` grows by one
    with each change of what a revision could be made of. `accepted` has the short ids of all
    accepted versions of a stem, superseded ones included.
    """

    batch: str
    generation: int
    opened_at: str
    files: dict[str, Arrival] = field(default_factory=dict)
    accepted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    manifest: Manifest | None = None
    landed: dict[str, Arrival] = field(default_factory=dict)
    version: int = 2
    reads_from: int = 2


@dataclass(frozen=True)
class Input:
    """One file of a revision: what the job reads and where it came from.

    `size` is that of the silver object in bytes, `etag` and `checksum` are its own as S3 told them
    when it was written; empty where nobody noted them. `casts`: as in Arrival.
    """

    dataset: str
    stem: str
    silver_key: str
    bronze_key: str
    bronze_version: str
    size: int
    casts: str = ""
    etag: str = ""
    checksum: str = ""


@dataclass(frozen=True)
class Ended:
    """An attempt that ended without a publication; `state` as Glue names it, or VANISHED.

    `reason` is the kind of error where the run left word of it (`out_of_memory`, `refused`),
    `error` what it said.
    """

    attempt: int
    run_id: str | None
    state: str
    at: str
    engine: Engine = "spark"
    reason: str = ""
    error: str = ""


@dataclass(frozen=True)
class Audit:
    """Who asked for something that the pipeline does not do by itself, and why.

    `about` is the attempt after which fresh ones were allowed.
    """

    action: str
    by: str
    reason: str
    at: str
    about: str = ""


@dataclass(frozen=True)
class Claim:
    """The right to run a revision: held by `owner` while `starting`, free while `pending`."""

    batch: str
    revision: str
    order: int
    inputs: tuple[Input, ...]
    attempt: int
    attempts_allowed: int
    state: ClaimState
    owner: str
    claimed_at: str
    completed_at: str
    without: tuple[str, ...] = ()
    ended: tuple[Ended, ...] = ()
    audit: tuple[Audit, ...] = ()
    engine: Engine = "spark"
    engine_by: EngineBy = "contract"
    version: int = 2
    reads_from: int = 2

    @property
    def is_refused(self) -> bool:
        """Whether its attempt has ended and refused the data."""
        last = self.ended[-1] if self.ended else None
        return last is not None and (last.attempt, last.reason) == (self.attempt, REFUSED)


@dataclass(frozen=True)
class Run:
    """The run of the latest started attempt: Glue's id of it, or Lambda's of the request."""

    batch: str
    revision: str
    attempt: int
    run_id: str
    started_at: str
    engine: Engine = "spark"
    version: int = 2
    reads_from: int = 1


@dataclass(frozen=True)
class Fence:
    """The one run that may do the work of an attempt."""

    batch: str
    revision: str
    attempt: int
    run_id: str
    fenced_at: str
    engine: Engine = "spark"
    version: int = 2
    reads_from: int = 1


@dataclass(frozen=True)
class Heartbeat:
    """A sign of life of a run that no service lists; `ends_by` is when its time is up."""

    batch: str
    revision: str
    attempt: int
    run_id: str
    at: str
    ends_by: str
    stage: str = ""
    version: int = 1


@dataclass(frozen=True)
class Publication:
    """One move of the pointer; `action` is publish or rollback.

    `tables` has the prefix of each gold table, `rows` their number. `away_from` is the run that a
    rollback took from the readers.
    """

    action: str
    revision: str
    order: int
    run_id: str
    tables: dict[str, str]
    rows: dict[str, int]
    at: str
    by: str = "job"
    reason: str = ""
    away_from: str = ""

    @staticmethod
    def upgraded(document: dict[str, Any]) -> dict[str, Any]:
        """The document of a first layout in terms of this one."""
        return _many_tables(document)


@dataclass(frozen=True)
class Published:
    """The pointer that readers follow: the last of `history` is what they see, in every table.

    `high_water` is the largest order that was ever published or ruled out; it never falls.
    `history` keeps the newest moves only.
    """

    batch: str
    revision: str
    order: int
    high_water: int
    run_id: str
    tables: dict[str, str]
    rows: dict[str, int]
    published_at: str
    history: tuple[Publication, ...] = ()
    version: int = 2
    reads_from: int = 2

    @staticmethod
    def upgraded(document: dict[str, Any]) -> dict[str, Any]:
        """As Publication's."""
        return _many_tables(document)


def _many_tables(document: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew one table, whose name its prefix begins with."""
    if "prefix" not in document:
        return document
    table = document["prefix"].partition("/")[0]
    tables, rows = {table: document["prefix"]}, {table: document["rows"]}
    return {**document, "tables": tables, "rows": rows}


@dataclass(frozen=True)
class Force:
    """An audited order to go on without some datasets or files of a batch."""

    without: tuple[str, ...]
    reason: str
    by: str
    at: str
    version: int = 1
