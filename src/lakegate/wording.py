"""Numbers in sentences: `1 line`, `2 lines`."""

from __future__ import annotations

from collections.abc import Sized


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things; the plural is the noun with an `s` where none is given."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def are(things: Sized) -> str:
    """`is` for one thing, `are` for any other number."""
    return "is" if len(things) == 1 else "are"
