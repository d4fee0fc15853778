"""What docs/add_a_dataset.md says of joining and of metrics, done in a copy of the project."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from lakegate import contract
from tests.duckdb.computed import relations
from tests.unit.docs.examples import LINES, changed

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "add_a_dataset.md"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed(tmp_path_factory.mktemp("project"), "reviews.patch")


def preview(copy: Path, *datasets: str) -> tuple[dict[str, Any], dict[str, int]]:
    """The one row of gold, and lines of reviews by outcome."""
    lines = {name: [line.encode() for line in LINES[name]] for name in datasets}
    with relations(contract.load(copy / "config" / "pipeline.yaml"), lines) as connection:
        [row] = connection.sql("from user_activity").to_arrow_table().to_pylist()
        outcomes = "select outcome, line_count from line_outcomes where dataset = 'reviews'"
        return row, dict(connection.execute(outcomes).fetchall())


def test_its_columns_are_in_gold_and_its_lines_accounted_for(copy: Path) -> None:
    row, reviews = preview(copy, "users", "events", "orders", "reviews")
    assert (row["review_count"], row["average_rating"]) == (2, 4.5)
    assert reviews == {"read": 4, "used": 2, "deduplicated": 1, "unknown_user_id": 1}


def test_a_batch_without_it_is_computed_all_the_same(copy: Path) -> None:
    row, reviews = preview(copy, "users", "events", "orders")
    assert (row["review_count"], row["order_count"], reviews["read"]) == (0, 1, 0)


def test_a_new_metric_is_in_gold(tmp_path: Path) -> None:
    copy = changed(tmp_path, "gift_card_orders.patch")
    assert preview(copy, "users", "events", "orders")[0]["gift_card_order_count"] == 1
    [column] = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[1])
    rules = contract.load(tmp_path / "config" / "pipeline.yaml")
    assert contract.Column(**column) in rules.gold_tables["user_activity"].columns
