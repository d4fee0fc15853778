"""What must hold of any batch, and what ends a run."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.transform.errors import InputError, ThresholdError
from tests.spark import batches, strategies
from tests.spark.conftest import Dirty, letting

EVENT = b'{"event_id":"%s","user_id":%d,"event_type":"search","occurred_at":"2026-01-0%dT01:00"}'
COPIES = 100_000


def test_order_of_lines_and_number_of_parts_change_nothing(
    spark: SparkSession, contract: Contract, dirty: Dirty, tmp_path: Path
) -> None:
    rng = random.Random(1)
    lines = {name: strategies.shuffled(rng, rows) for name, rows in dirty.lines.items()}
    other = batches.run(spark, contract, batches.write(tmp_path, lines, parts=3), tmp_path)
    assert other.gold == dirty.produced.gold, dirty.again
    assert other.outcomes == dirty.produced.outcomes, dirty.again
    for table, facts in dirty.produced.report.gold.items():
        assert other.report.gold[table]["row_hash"] == facts["row_hash"]


def test_little_gold_is_one_file(dirty: Dirty) -> None:
    assert set(dirty.produced.files.values()) == {1}


@pytest.fixture(scope="module")
def crowded(
    spark: SparkSession,
    contract: Contract,
    dirty: Dirty,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[int, dict[str, Any]]:
    """The gold of the same users and orders with a crowd of events."""
    folder = tmp_path_factory.mktemp("crowded")
    users = sorted(dirty.expected.gold)
    more = [EVENT % (b"more-%d" % n, user, 1) for n, user in enumerate(users)]
    copies = [EVENT % (b"copy", users[0], 1)] * COPIES + [EVENT % (b"copy", users[0], 2)]
    lines = {**dirty.lines, "events": [*dirty.lines["events"], *more, *copies]}
    return batches.run(spark, contract, batches.write(folder, lines), folder).gold


Crowded = Mapping[int, Mapping[str, Any]]


def test_adding_events_never_changes_revenue(dirty: Dirty, crowded: Crowded) -> None:
    before, after = dirty.expected.gold, crowded
    assert sum(row["revenue"] for row in before.values()) != Decimal(0)
    assert {user: row["revenue"] for user, row in after.items()} == {
        user: row["revenue"] for user, row in before.items()
    }, dirty.again


def test_a_hundred_thousand_copies_of_one_line_count_once(dirty: Dirty, crowded: Crowded) -> None:
    before, after = dirty.expected.gold, crowded
    added = {user: row["event_count"] - before[user]["event_count"] for user, row in after.items()}
    first = min(added)
    assert added == {user: 2 if user == first else 1 for user in before}


def test_too_many_faulty_lines_end_the_run_before_gold_is_written(
    spark: SparkSession, contract: Contract, dirty: Dirty, tmp_path: Path
) -> None:
    uris = batches.write(tmp_path, dirty.lines)
    with pytest.raises(ThresholdError) as caught:
        batches.run(spark, letting(contract, 0.01), uris, tmp_path)
    assert batches.read(tmp_path / "rows" / "users")
    assert not (tmp_path / "gold").exists()
    counts = dirty.expected.outcomes["users"]
    rejected = sum(n for why, n in counts.items() if why.startswith(("mal", "mis", "bad")))
    said = str(caught.value)
    assert said.startswith(f"users: {rejected} of {counts['read']} lines rejected"), dirty.again
    assert f"malformed {counts['malformed']}" in said


def test_a_missing_file_is_named(spark: SparkSession, contract: Contract, tmp_path: Path) -> None:
    uris = batches.write(tmp_path, few())
    (tmp_path / "orders-0000.json").unlink()
    with pytest.raises(InputError, match=r"orders-0000[.]json"):
        batches.run(spark, contract, uris, tmp_path)


def test_an_empty_file_is_named(spark: SparkSession, contract: Contract, tmp_path: Path) -> None:
    uris = batches.write(tmp_path, {**few(), "events": [b"", b" \r"]})
    with pytest.raises(InputError, match=r"events: no lines in .*events-0000.json"):
        batches.run(spark, contract, uris, tmp_path)


def few() -> dict[str, list[bytes]]:
    """One good line of each dataset."""
    return {name: [line] for name, line in strategies.GOOD.items()}
