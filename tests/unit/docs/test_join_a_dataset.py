"""What docs/add_a_dataset.md says of joining and of metrics, done in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlglot
import yaml

import contract
from tests.unit.docs.examples import LINES, changed

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "add_a_dataset.md"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed(tmp_path_factory.mktemp("project"), "reviews.patch")


def preview(copy: Path, *datasets: str) -> dict[str, str]:
    """Cells of `make preview`: by dataset and outcome, and by column of the one row of gold."""
    folder = copy / "in"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in datasets:
        (folder / f"{name}.json").write_text("\n".join(LINES[name]))
    done = subprocess.run(
        [sys.executable, "scripts/preview.py", "--in", str(folder)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": f"{copy / 'src'}:{copy}", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=True,
    )
    cells = re.findall(r"│ (\w+) +│ ([^│]*?) +│(?: (\d+) +│)?", done.stdout)
    return {f"{one} {two}" if three else one: three or two for one, two, three in cells}


def test_its_columns_are_in_gold_and_its_lines_accounted_for(copy: Path) -> None:
    seen = preview(copy, "users", "events", "orders", "reviews")
    assert (seen["review_count"], seen["average_rating"]) == ("2", "4.5")
    assert seen["reviews read"] == "4"
    assert seen["reviews deduplicated"] == "1"
    assert seen["reviews unknown_user"] == "1"


def test_its_used_lines_have_a_total(copy: Path) -> None:
    path = copy / "src" / "glue_jobs" / "sql" / "report" / "totals.sql"
    totals = sqlglot.parse_one(path.read_text(), read="spark")
    assert isinstance(totals, sqlglot.exp.Select)
    rules = contract.load(copy / "config" / "pipeline.yaml")
    assert set(rules.read) <= set(totals.named_selects)


def test_a_batch_without_it_is_computed_all_the_same(copy: Path) -> None:
    seen = preview(copy, "users", "events", "orders")
    assert (seen["review_count"], seen["order_count"]) == ("0", "1")


def test_a_new_metric_is_in_gold(tmp_path: Path) -> None:
    seen = preview(changed(tmp_path, "gift_card_orders.patch"), "users", "events", "orders")
    assert seen["gift_card_order_count"] == "1"
    [column] = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)[1])
    rules = contract.load(tmp_path / "config" / "pipeline.yaml")
    assert contract.Column(**column) in rules.gold_tables["user_activity"].columns
