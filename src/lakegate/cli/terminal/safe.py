"""Text from data, safe for a terminal: what would steer the terminal is shown instead.

File names, values and error messages come from strangers. An escape sequence in one of them can
write the clipboard, change the title or hide a line. All output of the commands goes through this
`Console`, so that no caller has to remember it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import rich.console
import typer
from rich.console import ConsoleOptions, RenderableType
from rich.segment import Segment

# C0 but for tab and line end, DEL, C1, line and paragraph separators, marks and overrides of the
# writing direction, and halves of surrogate pairs, which no encoding can print.
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""The text with every steering character as its escape: `\x1b`, `\u202e`."""
    return STEERING.sub(lambda match: _escape(ord(match[0])), text)


def one_line(text: str) -> str:
    """The text with line ends shown, too: what a stranger wrote cannot look like a line of ours."""
    return visible(text.replace("\n", "\\n"))


def in_json(text: str) -> str:
    r"""JSON text whose strings hold no steering character: `\u001b` in their place."""
    return STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print `visible` text as it stands, without styles or folded lines."""
    typer.echo(visible(text), err=err, nl=nl)


class Console(rich.console.Console):
    """A console that prints `visible` text, whatever is rendered; no text is read as markup."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"markup": False, "emoji": False, "highlight": False, **given})

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of a renderable, made visible; rich's own control codes stay."""
        for segment in super().render(renderable, options):
            if segment.control or not STEERING.search(segment.text):
                yield segment
            else:
                yield Segment(visible(segment.text), segment.style)


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
