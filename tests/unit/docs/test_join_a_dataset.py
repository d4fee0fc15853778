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

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "add_a_dataset.md"
EXAMPLES = ROOT / "docs" / "examples"
LINES = {
    "users": ['{"user_id":1,"signed_up_at":"2026-01-01T00:00:00Z"}'],
    "events": [
        '{"event_id":"e1","user_id":1,"event_type":"search","occurred_at":"2026-01-02T00:00:00Z"}'
    ],
    "orders": [
        '{"order_id":"o1","user_id":1,"ordered_at":"2026-01-03T00:00:00Z",'
        '"status":"paid","payment_method":"gift_card"}'
    ],
    "reviews": [
        '{"review_id":"r1","user_id":1,"rating":4,"written_at":"2026-01-04T00:00:00Z"}',
        '{"review_id":"r2","user_id":1,"rating":5,"written_at":"2026-01-05T00:00:00Z"}',
        '{"review_id":"r2","user_id":1,"rating":5,"written_at":"2026-01-05T00:00:00Z"}',
        '{"review_id":"r3","user_id":7,"rating":1,"written_at":"2026-01-06T00:00:00Z"}',
    ],
}


def changed(copy: Path, example: str) -> Path:
    """The project's contract, SQL and scripts in an empty folder with an example applied."""
    for name in ("config", "src", "scripts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    alone = {**os.environ, "GIT_CEILING_DIRECTORIES": str(copy.parent)}
    subprocess.run(["git", "apply", str(EXAMPLES / example)], cwd=copy, check=True, env=alone)
    return copy


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
