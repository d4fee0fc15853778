"""Which of two versions of one key is the newer one."""

from __future__ import annotations

from lakegate.ledger.keys import short_version
from lakegate.ledger.records import Arrival, Manifest

Version = Arrival | Manifest


def supersedes(candidate: Version, current: Version) -> bool:
    """Whether `candidate` is newer than `current`; both are accepted versions of one key.

    Sequencers decide where both have one. A version found by listing has none, but knows which
    versions lay below it, or were gone for good; one that was neither is newer. (The time of last
    modification would not do: that of a multipart upload is its beginning.)
    """
    if candidate.sequencer is not None and current.sequencer is not None:
        ours, theirs = pad(candidate.sequencer, current.sequencer)
        if ours != theirs:
            return ours > theirs
        # An emulator may number every event alike; then any order will do, if it is one.
        return _tie(candidate) > _tie(current)
    if candidate.sequencer is None:
        return found_above(candidate, current)
    return short_version(candidate.version_id) not in current.after


def _tie(version: Version) -> tuple[str, str]:
    return version.last_modified, version.version_id


def found_above(candidate: Version, current: Version) -> bool:
    """Whether a listing showed `candidate` to stand above `current`, or in its place."""
    return short_version(current.version_id) in candidate.after


def pad(one: str, other: str) -> tuple[str, str]:
    """Two sequencers as hex texts of one length, padded on the right as S3 documents."""
    width = max(len(one), len(other))
    return one.upper().ljust(width, "0"), other.upper().ljust(width, "0")
