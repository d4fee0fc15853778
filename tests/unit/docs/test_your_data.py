"""docs/your_data.md, followed word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lakegate.cli.main import app

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "your_data.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def block(kind: str, number: int = 0) -> str:
    """The text of a block of that kind."""
    found: str = [text for name, text in BLOCKS if name == kind][number]
    return found


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-files").mkdir()
    (tmp_path / "my-files" / "Shops 2026.csv").write_text(block("csv"))
    (tmp_path / "my-files" / "sales.json").write_text(block("json"))
    yield tmp_path


def said(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    return result.output + (str(result.exception) + "\n" if result.exit_code else "")


def test_the_page_does_what_it_says(files: Path) -> None:
    made = said("new", "my-lake", "--from", "my-files")
    assert block("console").partition("\n")[2] == made
    contract = files / "my-lake" / "pipeline.yaml"
    text = contract.read_text()
    assert block("yaml") in text
    sql = files / "my-lake" / "sql" / "marts" / "daily_takings.sql"
    sql.write_text(block("sql"))
    contract.write_text(text + block("yaml", 1))
    case = files / "my-lake" / "tests" / "daily_takings" / "a_receipt_without_total_counts.yaml"
    case.parent.mkdir()
    case.write_text(block("yaml", 2))
    assert "2 of 2 cases hold" in said("test", "my-lake")
    case.write_text(block("yaml", 2).replace("takings: 5.00", "takings: 6.00"))
    assert said("test", "my-lake") == block("console", 1).partition("\n")[2]
