"""Draws make_up.svg from what a run has printed.

`make up | .venv/bin/python architecture/make_up.py`
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

TARGET = Path(__file__).with_suffix(".svg")
WIDTH = 122
STYLES = (
    (r"^✓", "green"),
    (r"^✗", "red"),
    (r" \d+\.\d s(?=  )", "cyan"),
    (r"(?<= s  ).*$", "dim"),
    (r"^\w.*$(?=\n┏)", "italic"),
    (r"[┏━┳┓┃┡╇┩│└─┴┘]+", "dim"),
    (r"^up in .*$", "bold green"),
)
# Rich's own template loads a font from the network.
TEMPLATE = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def draw(printed: str) -> str:
    """The SVG of a terminal that shows the text; lines are cut at the terminal's width."""
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere)
        lines = ["$ make up", *printed.rstrip().splitlines()]
        for line in lines:
            text = Text(line, no_wrap=True, overflow="ellipsis")
            for pattern, style in STYLES:
                text.highlight_regex(pattern, style)
            console.print(text)
        return console.export_svg(title="make up", code_format=TEMPLATE, unique_id="make-up")


if __name__ == "__main__":
    TARGET.write_text(draw(sys.stdin.read()), encoding="utf-8")
