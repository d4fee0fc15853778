"""What the reconciler remembers between calls: only hints, so that losing it costs time alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from lakegate.aws import codec
from lakegate.aws.errors import RecordError
from lakegate.aws.store import Store, Stored

KEY = "reconciler/state.json"


@dataclass
class State:
    """Cursors of interrupted passes, and fingerprints of what needed nothing any more.

    `bronze` has the fingerprint of each group of keys whose versions are all accounted for;
    `settled` that of each batch without anything left to do, and when that was found.
    `unopened` has the batches of which nothing was accepted, with the time of their first file.
    """

    bronze_cursor: str = ""
    batch_cursor: str = ""
    bronze: dict[str, str] = field(default_factory=dict)
    settled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unopened: dict[str, str] = field(default_factory=dict)
    version: int = 1


def load(store: Store) -> Stored[State]:
    """What the last call left; nothing when there is none or another version wrote it."""
    found = store.get(KEY)
    if found is None:
        return Stored(State(), "")
    try:
        return Stored(codec.decode(State, found[0]), found[1])
    except RecordError:
        return Stored(State(), found[1])
