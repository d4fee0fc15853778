"""The data dictionary says what the contract says."""

from __future__ import annotations

from pathlib import Path

from lakegate import contract
from scripts.documents import data, marked

ROOT = Path(__file__).parents[3]


def test_the_page_is_current() -> None:
    rules = contract.load(ROOT / "config" / "pipeline.yaml")
    hint = "run .venv/bin/python -m scripts.documents.data"
    page = data.PAGE.read_text()
    assert page == marked.written(page, tables=data.tables(rules)), hint


def test_every_column_has_its_row() -> None:
    page = data.PAGE.read_text()
    assert "| `event_id` | string | key |  |  | Identifies the event |" in page
    assert "| `country` | string |  | `unknown` |  | ISO 3166 alpha-2 code |" in page
    assert "| `device` | string |  |  | `web`, `ios`, `android` | Where it happened |" in page
    assert "| `conversion_rate` | double | possible | paid_order_count / session_count |" in page
