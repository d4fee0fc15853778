"""Writes docs/reference/cli.md: every command of lakegate with its options, out of its own help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from typer.cli import get_docs_for_click

from lakegate.cli.main import app

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"
HEAD = "<!-- Written by scripts/documents/cli.py out of the commands themselves. -->\n\n"


def text() -> str:
    """The page as it should be."""
    command = typer.main.get_command(app)
    with typer.Context(command, info_name="lakegate") as context:
        where: Any = context
        page = get_docs_for_click(obj=command, ctx=where, name="lakegate", title="Command line")
    return HEAD + "\n".join(line.rstrip() for line in page.strip().splitlines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
