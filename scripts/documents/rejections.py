"""Writes docs/rejections.md from the rejection codes, so that page and code cannot disagree."""

from __future__ import annotations

from pathlib import Path

from lakegate.files.reasons import Code
from scripts.documents import marked

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rejections.md"


def table() -> str:
    """A row for each code."""
    rows = (f"| `{code.value}` | {_cell(code.meaning)} | {_cell(code.fix)} |" for code in Code)
    return "\n".join(("| code | what was seen | what to do |", "| --- | --- | --- |", *rows))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(marked.written(PAGE.read_text("utf-8"), codes=table()), "utf-8")
