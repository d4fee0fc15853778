"""Writes docs/casts.md from the table of casts, so that page and code cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lakegate.files.lines.casts import TABLE
from scripts.documents import marked

PAGE = Path(__file__).resolve().parents[2] / "docs" / "casts.md"


def table() -> str:
    """A row for each type."""
    return "\n".join(
        ("| type | strict takes | lenient takes also | value |", "| --- " * 4 + "|", *_rows())
    )


def _rows() -> Iterator[str]:
    for name, kind in TABLE.items():
        title = "decimal(p,s)" if name == "decimal" else name
        cells = (title, kind.takes, kind.takes_also or "nothing more", kind.value)
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(marked.written(PAGE.read_text("utf-8"), casts=table()), "utf-8")
