"""What must hold of any batch, and sizes that a careless plan would stumble over."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from contract import Contract
from glue_jobs.errors import InputError, ThresholdError
from tests.oracle import expect
from tests.spark import batches
from tests.spark.batches import Lines

USER = (
    b'{"user_id":%d,"full_name":"\xc3\x84nne \xf0\x9f\x9b\x92","signed_up_at":"2026-01-01T00:00Z"}'
)
EVENT = (
    b'{"event_id":"e%d","user_id":%d,"session_id":"s%d","event_type":"page_view",'
    b'"occurred_at":"2026-03-29T0%d:30:00+01:00"}'
)
ORDER = (
    b'{"order_id":"o%d","user_id":%d,"ordered_at":"2026-10-25T02:30:00Z","status":"paid",'
    b'"amount":0.10}'
)


def batch(users: int = 3, events: int = 40, orders: int = 1000) -> dict[str, list[bytes]]:
    """A clean batch in which the first user has half of all events."""
    return {
        "users": [USER % n for n in range(users)],
        "events": [EVENT % (n, 0 if n % 2 else n % users, n // 5, n % 10) for n in range(events)],
        "orders": [ORDER % (n, n % users) for n in range(orders)],
    }


def produced(
    spark: SparkSession, contract: Contract, folder: Path, lines: Lines, parts: int = 1
) -> batches.Produced:
    folder.mkdir()
    return batches.run(spark, contract, batches.write(folder, lines, parts), folder)


def test_order_of_lines_and_number_of_parts_change_nothing(
    spark: SparkSession, contract: Contract, tmp_path: Path
) -> None:
    lines = batch()
    first = produced(spark, contract, tmp_path / "first", lines)
    shuffled = {name: random.Random(1).sample(rows, len(rows)) for name, rows in lines.items()}
    second = produced(spark, contract, tmp_path / "second", shuffled, parts=3)
    assert first.gold == expect(lines).gold
    assert second.gold == first.gold
    assert second.report.gold["row_hash"] == first.report.gold["row_hash"]


def test_adding_events_never_changes_revenue(
    spark: SparkSession, contract: Contract, tmp_path: Path
) -> None:
    lines = batch(events=1)
    before = produced(spark, contract, tmp_path / "before", lines)
    lines["events"] = batch(events=200)["events"]
    after = produced(spark, contract, tmp_path / "after", lines)
    assert [row["revenue"] for row in after.gold.values()] == [
        row["revenue"] for row in before.gold.values()
    ]
    assert str(after.report.gold["revenue"]) == "100.00"


def test_a_hundred_thousand_copies_of_one_line_count_once(
    spark: SparkSession, contract: Contract, tmp_path: Path
) -> None:
    lines = batch()
    lines["events"] = [EVENT % (1, 0, 1, 1)] * 100_000 + [EVENT % (1, 0, 1, 2)]
    run = produced(spark, contract, tmp_path / "run", lines)
    assert run.gold[0]["event_count"] == 1
    assert run.outcomes["events"] == {
        "read": 100_001,
        "used": 1,
        "superseded": 1,
        "deduplicated": 99_999,
    }


def test_a_missing_file_is_named(spark: SparkSession, contract: Contract, tmp_path: Path) -> None:
    uris = batches.write(tmp_path, batch())
    (tmp_path / "orders-0000.json").unlink()
    with pytest.raises(InputError, match=r"orders-0000[.]json"):
        batches.run(spark, contract, uris, tmp_path)


def test_an_empty_file_is_named(spark: SparkSession, contract: Contract, tmp_path: Path) -> None:
    uris = batches.write(tmp_path, {**batch(), "events": [b"", b" \r"]})
    with pytest.raises(InputError, match=r"events: no lines in .*events-0000.json"):
        batches.run(spark, contract, uris, tmp_path)


def test_too_many_rejected_lines_end_the_run(
    spark: SparkSession, contract: Contract, tmp_path: Path
) -> None:
    strict = dataclasses.replace(contract, max_rejected_ratio=0.01)
    uris = batches.write(tmp_path, {**batch(), "users": [*batch()["users"], b"{}"]})
    with pytest.raises(ThresholdError, match=r"users: 1 of 4 lines rejected.*missing_user_id 1"):
        batches.run(spark, strict, uris, tmp_path)
