"""Records read back as they were written, and nothing else is read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lakegate.aws import codec
from lakegate.aws.errors import RecordError
from lakegate.ledger.records import Arrival, Arrivals, Audit, Claim, Ended, Force, Input, Manifest

ARRIVAL = Arrival("a/users.json", "v1", 3, "t0", "t1", "0A", ("0123",))
RECORDS = [
    Arrivals("a", 2, "t", {"users": ARRIVAL}, {"users": ("12",)}, None),
    Arrivals("a", 2, "t", {}, {}, Manifest("a/_manifest.json", "v1", ("users",), "t", "t")),
    Claim(
        "a", "r", 1, (Input("users", "users", "s", "b", "v", 3),), 2, 3, "pending", "me", "t", "t",
        ("orders",), (Ended(1, None, "VANISHED", "t"),), (Audit("replay", "me", "why", "t"),),
    ),
    Force(("orders",), "why", "me", "t"),
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_reads_back_as_it_was_written(record: Arrivals | Claim | Force) -> None:
    document = json.loads(json.dumps(codec.encode(record)))
    assert document["version"] == 1
    assert codec.decode(type(record), document) == record


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"version": None}, {"surprise": 1}, {"without": 5}]
)
def test_what_this_version_cannot_read_is_refused(change: dict[str, object]) -> None:
    document = codec.encode(RECORDS[3]) | change
    with pytest.raises(RecordError):
        codec.decode(Force, document)


def test_stamps_sort_as_their_moments() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=2)))
    assert codec.stamp(noon) == "2026-11-22T10:00:00.000000Z"
    assert codec.moment(codec.stamp(noon)) == noon
    assert codec.moment("2026-11-22T10:00:00").tzinfo is UTC
    assert codec.stamp(noon) < codec.stamp(noon + timedelta(microseconds=1))
