"""Numbers in sentences: `1 line`, `2 lines`."""

from __future__ import annotations

from collections.abc import Sized


def counted(number: int, noun: str) -> str:
    """A number of things, with commas between thousands."""
    return f"{number:,} {some(number, noun)}"


def some(number: int, noun: str) -> str:
    """The noun as it stands behind a number."""
    return noun if number == 1 else f"{noun}s"


def are(things: Sized) -> str:
    """`is` for one thing, `are` for any other number."""
    return "is" if len(things) == 1 else "are"
