"""Finds the text of single values on a line that has been parsed, as they were written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakegate.files.lines.parse import decode

BLANKS = re.compile(r"[ \t\r\n]*")
# Where blanks between tokens may be, or text that looks like them.
SEEMS_LOOSE = re.compile(r"[:,{}\[\]][ \t\r\n]|[ \t\r\n][:,{}\[\]]")
# A string, which is kept, or blanks, which are not.
STRING_OR_BLANKS = re.compile(r'("(?:[^"\\]++|\\.)*+")|[ \t\r\n]++')


def written(text: str, path: Sequence[str]) -> str | None:
    """The value at a path of the object on a line, without blanks between its tokens.

    None if there is no such value. Of a key that stands twice the last counts. The text must be
    known to be valid.
    """
    start, end = _blanks(text, 0), len(text)
    for key in path:
        if (found := _member(text, start, key)) is None:
            return None
        start, end = found
    token = text[start:end]
    return STRING_OR_BLANKS.sub(r"\1", token) if SEEMS_LOOSE.search(token) else token


def _member(text: str, at: int, key: str) -> tuple[int, int] | None:
    """Where the value of a key of the object at that place begins and ends."""
    found = None
    at = _blanks(text, at + 1)
    while text[at] == '"':
        name, at = decode(text, at)
        start = _blanks(text, _blanks(text, at) + 1)
        _, at = decode(text, start)
        if name == key:
            found = start, at
        at = _blanks(text, _blanks(text, at) + 1)
        if at >= len(text):
            break
    return found


def _blanks(text: str, at: int) -> int:
    match = BLANKS.match(text, at)
    assert match is not None
    return match.end()
