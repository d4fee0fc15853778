"""How a value is written, without what it says: for records, reports and logs."""

from __future__ import annotations

import re

LENGTH = 40  # characters
# From the first quotation mark to the last, as a value may hold some itself; and numbers.
VALUE = re.compile(r"'.*'|\".*\"|\b[0-9]+\b", re.DOTALL)


def masked(text: str) -> str:
    """The form of a text: `9` for a digit, `a` or `A` for a letter, only the first characters."""
    form = "".join(map(_mask, text[:LENGTH]))
    return form if len(text) <= LENGTH else f"{form}…"


def without_values(message: str) -> str:
    """The message of a program, with what it quotes of its data masked, and every number."""
    return VALUE.sub(lambda match: "".join(map(_mask, match[0])), message)


def _mask(char: str) -> str:
    if char.isdigit():
        return "9"
    if char.isalpha():
        return "A" if char.isupper() else "a"
    return char if char.isascii() and char.isprintable() else "?"
