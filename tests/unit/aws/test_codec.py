"""Records read back as they were written, across releases by one rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from lakegate.aws import codec
from lakegate.aws.errors import RecordError
from lakegate.ledger.records import (
    Arrival,
    Arrivals,
    Audit,
    Claim,
    Ended,
    Force,
    Input,
    Manifest,
    Publication,
    Published,
)

ARRIVAL = Arrival("a/users.json", "v1", 3, "t0", "t1", "0A", ("0123",), "users.json", "lines")
TABLES = {"t": "t/batch_id=a/run_id=r/", "u": "u/batch_id=a/run_id=r/"}
ROWS = {"t": 3, "u": 1}
RECORDS = [
    Arrivals("a", 2, "t", {"users": ARRIVAL}, {"users": ("12",)}, None),
    Arrivals("a", 2, "t", {}, {}, Manifest("a/_manifest.json", "v1", ("users",), "t", "t")),
    Claim(
        "a", "r", 1, (Input("users", "users", "s", "b", "v", 3, "lenient", "e"),), 2, 3, "pending",
        "me", "t", "t", ("orders",), (Ended(1, None, "VANISHED", "t", "duckdb", "out_of_memory"),),
        (Audit("replay", "me", "why", "t"),), "duckdb", "auto",
    ),
    Published("a", "r", 1, 2, "r", TABLES, ROWS, "t",
              (Publication("publish", "r", 1, "r", TABLES, ROWS, "t"),)),
    Force(("orders",), "why", "me", "t"),
]  # fmt: skip
Record = Arrivals | Claim | Published | Force


@dataclass(frozen=True)
class Later:
    """A record as the next release writes it, with a field that this one does not know."""

    without: tuple[str, ...]
    reason: str
    by: str
    at: str
    surprise: int
    version: int = 7
    reads_from: int = Force.version


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_reads_back_as_it_was_written(record: Record) -> None:
    document = json.loads(json.dumps(codec.encode(record)))
    assert document["version"] == record.version
    assert codec.decode(type(record), document) == record


def test_a_later_layout_is_read_for_what_is_known_of_it() -> None:
    force = RECORDS[-1]
    assert isinstance(force, Force)
    later = Later(force.without, force.reason, force.by, force.at, 1)
    found = codec.decode(Force, codec.encode(later))
    assert found == force
    assert codec.encode(found)["version"] == Force.version


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": 7, "reads_from": 2},
        {"version": None},
        {"version": 0},
        {"without": 5},
        {"reason": ...},
    ],
    ids=str,
)
def test_what_this_version_cannot_read_is_refused(change: dict[str, object]) -> None:
    document = {
        name: value
        for name, value in (codec.encode(RECORDS[-1]) | change).items()
        if value is not ...
    }
    with pytest.raises(RecordError):
        codec.decode(Force, document)


def test_the_one_table_of_a_first_layout_is_named_by_its_prefix() -> None:
    move = {"action": "publish", "revision": "r", "order": 1, "run_id": "jr", "rows": 3, "at": "t",
            "prefix": "user_activity/batch_id=a/run_id=jr/", "by": "job", "reason": ""}  # fmt: skip
    first = {"version": 1, "batch": "a", "high_water": 1, "published_at": "t", "history": [move]}
    found = codec.decode(
        Published, first | {k: move[k] for k in ("revision", "order", "run_id", "rows", "prefix")}
    )
    tables, rows = {"user_activity": move["prefix"]}, {"user_activity": 3}
    assert (found.tables, found.rows) == (tables, rows)
    assert (found.history[0].tables, found.history[0].rows) == (tables, rows)
    assert "prefix" not in codec.encode(found)


def test_stamps_sort_as_their_moments() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=2)))
    assert codec.stamp(noon) == "2026-11-22T10:00:00.000000Z"
    assert codec.moment(codec.stamp(noon)) == noon
    assert codec.moment("2026-11-22T10:00:00").tzinfo is UTC
    assert codec.stamp(noon) < codec.stamp(noon + timedelta(microseconds=1))
