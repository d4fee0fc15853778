"""Nothing that a stranger writes steers the terminal, whichever command prints it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from lakegate.cli.terminal import plain
from lakegate.cli.terminal.safe import Console, visible

ROOT = Path(__file__).parents[3]
HOSTILE = "\x1b]52;c;cm0=\x07\x1b[2J\x9b31m\u202eevil\u2066\x7f\x00\r[red]x[/red]:smile:"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Zoë 😀 数\tand\nmore", "Zoë 😀 数\tand\nmore"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\rb\x07\x00", "a\\x0db\\x07\\x00"),
        ("\x9b31m\x7f", "\\x9b31m\\x7f"),
        ("\u202egpj.exe\u2069", "\\u202egpj.exe\\u2069"),
        ("\u2028\ufeff\ud800", "\\u2028\\ufeff\\ud800"),
    ],
)
def test_what_is_shown(given: str, expected: str) -> None:
    assert visible(given) == expected


def test_no_way_of_printing_gets_around_it() -> None:
    for terminal in (True, False):
        file = io.StringIO()
        console = Console(file=file, force_terminal=terminal, width=200, color_system=None)
        table = Table(HOSTILE)
        table.add_row(HOSTILE, Text(HOSTILE))
        for item in (HOSTILE, Text(HOSTILE), table):
            console.print(item)
            console.print(item, style="red", soft_wrap=True)
        for steering in ("\x1b", "\x9b", "\u202e", "\u2066", "\x7f", "\x00", "\x07", "\r"):
            assert steering not in file.getvalue()
        assert "[red]x[/red]:smile:" in file.getvalue()


def test_json_says_the_same_without_steering() -> None:
    text = plain.text({"key": HOSTILE})
    assert json.loads(text) == {"key": HOSTILE}
    assert text.isprintable() or all(char.isprintable() or char == "\n" for char in text)


def test_there_is_no_other_console() -> None:
    """rich's own console is named in one module alone, and bare prints nowhere."""
    named = [
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "local", "scripts")
        for path in (ROOT / folder).rglob("*.py")
        if "rich.console.Console" in (text := path.read_text())
        or "from rich.console import Console" in text
        or "rich.print" in text
    ]
    assert named == ["src/lakegate/cli/terminal/safe.py"]
