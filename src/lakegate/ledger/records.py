"""The records of the control bucket, each with the version of its layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ClaimState = Literal["starting", "pending", "exhausted"]


@dataclass(frozen=True)
class Arrival:
    """One accepted version of one file.

    `sequencer` is that of the S3 event. Without one (a version that was found by listing), `after`
    holds the version ids that the listing showed to be older versions of the same key.
    """

    key: str
    version_id: str
    size: int
    last_modified: str
    accepted_at: str
    sequencer: str | None = None
    after: tuple[str, ...] = ()


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
    version: int = 1


@dataclass(frozen=True)
class Input:
    """One file of a revision: what the job reads and where it came from. `size` in bytes."""

    dataset: str
    stem: str
    silver_key: str
    bronze_key: str
    bronze_version: str
    size: int


@dataclass(frozen=True)
class Ended:
    """An attempt that ended without a publication; `state` as Glue names it, or VANISHED."""

    attempt: int
    run_id: str | None
    state: str
    at: str


@dataclass(frozen=True)
class Audit:
    """Who asked for something that the pipeline does not do by itself, and why."""

    action: str
    by: str
    reason: str
    at: str


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
    version: int = 1


@dataclass(frozen=True)
class Run:
    """The Glue run of the latest started attempt of a revision."""

    batch: str
    revision: str
    attempt: int
    run_id: str
    started_at: str
    version: int = 1


@dataclass(frozen=True)
class Fence:
    """The one run that may do the work of an attempt."""

    batch: str
    revision: str
    attempt: int
    run_id: str
    fenced_at: str
    version: int = 1


@dataclass(frozen=True)
class Publication:
    """One move of the pointer; `action` is publish or rollback."""

    action: str
    revision: str
    order: int
    run_id: str
    prefix: str
    rows: int
    at: str
    by: str = "job"
    reason: str = ""


@dataclass(frozen=True)
class Published:
    """The pointer that readers follow: the last of `history` is what they see.

    `high_water` is the largest order that was ever published or ruled out; it never falls.
    `history` keeps the newest moves only.
    """

    batch: str
    revision: str
    order: int
    high_water: int
    run_id: str
    prefix: str
    rows: int
    published_at: str
    history: tuple[Publication, ...] = ()
    version: int = 1


@dataclass(frozen=True)
class Force:
    """An audited order to go on without some datasets or files of a batch."""

    without: tuple[str, ...]
    reason: str
    by: str
    at: str
    version: int = 1
