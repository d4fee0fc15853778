"""Finds the text of single values on a line that has been parsed, as they were written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lakegate.files.lines.parse import decode

BLANK = " \t\r\n"
BLANKS = re.compile(r"[ \t\r\n]*")
# Where blanks between tokens are, or text that looks like them.
LOOSE = (": ", ", ", " :", " ,", "{ ", "[ ", " }", " ]", "\t", "\r", "\n")
# A string, which is kept, or blanks, which are not.
STRING_OR_BLANKS = re.compile(r'("(?:[^"\\]++|\\.)*+")|[ \t\r\n]++')


def written(text: str, path: Sequence[str]) -> str | None:
    """The value at a path of the object on a line, without blanks between its tokens.

    None if there is no such value. Of a key that stands twice the last counts. The text must be
    known to be valid.
    """
    start, end = _skipped(text, 0), len(text)
    for key in path:
        if (found := _member(text, start, key)) is None:
            return None
        start, end = found
    token = text[start:end]
    seems_loose = any(map(token.__contains__, LOOSE))
    return STRING_OR_BLANKS.sub(r"\1", token) if seems_loose else token


def _member(text: str, at: int, key: str) -> tuple[int, int] | None:
    """Where the value of a key of the object at that place begins and ends."""
    found = None
    at = _skipped(text, at + 1)
    while text[at] == '"':
        name, at = decode(text, at)
        start = _skipped(text, _skipped(text, at) + 1)
        _, at = decode(text, start)
        if name == key:
            found = start, at
        at = _skipped(text, at)
        if text[at] != ",":
            break
        at = _skipped(text, at + 1)
    return found


def _skipped(text: str, at: int) -> int:
    """The place behind the blanks that begin there."""
    if text[at] not in BLANK:
        return at
    match = BLANKS.match(text, at)
    assert match is not None
    return match.end()
