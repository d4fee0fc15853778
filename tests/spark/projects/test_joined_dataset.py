"""A fourth dataset, joined as docs/add_a_dataset.md does it by YAML and SQL, on Spark."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract, load
from tests.spark import batches
from tests.spark.conftest import letting
from tests.unit.docs.examples import LINES, changed


@pytest.fixture
def joined(tmp_path: Path) -> Contract:
    """The contract of a copy with the example."""
    copy = changed(tmp_path / "project", "reviews.patch")
    return letting(load(copy / "config" / "pipeline.yaml"), 0.5)


def test_its_columns_are_in_gold_and_its_lines_accounted_for(
    spark: SparkSession, joined: Contract, tmp_path: Path
) -> None:
    lines = {name: [row.encode() for row in rows] for name, rows in LINES.items()}
    produced = batches.run(spark, joined, batches.write(tmp_path, lines), tmp_path)
    [row] = produced.gold.values()
    assert (row["review_count"], str(row["average_rating"])) == (2, "4.5")
    assert (row["event_count"], row["order_count"]) == (1, 1)
    assert produced.outcomes["reviews"] == {
        "read": 4,
        "used": 2,
        "deduplicated": 1,
        "unknown_user_id": 1,
    }
    assert produced.rejected["reviews"] == [("unknown_user_id", lines["reviews"][3])]
    assert "every_review_once" in [check.name for check in produced.report.checks if check.holds]
