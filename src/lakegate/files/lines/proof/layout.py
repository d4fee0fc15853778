"""Learns from a file's first lines how its writer lays out a line.

Writers repeat themselves: the same keys in the same order, the same blanks, the same kinds of
values. A `Layout` is what `pattern.py` needs to prove at the speed of a regular expression that
another line is laid out like that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lakegate.contract.model import Limits
from lakegate.files.errors import LineFault
from lakegate.files.lines.parse import is_blank, parse
from lakegate.files.lines.proof.shape import Shape, merged

MOST_LINES = 200
MOST_BYTES = 2**20

PLACES = (
    "after_open",
    "before_close",
    "before_colon",
    "after_colon",
    "before_comma",
    "after_comma",
)
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[ \t\r\n]+|[:,{}\[\]]|[^\s:,{}\[\]"]+')


@dataclass(frozen=True)
class Layout:
    """The outermost objects of the lines, and what blanks stand in which `PLACES`, as patterns.

    `has_escapes`: a text of some line has characters that are written as escapes.
    """

    top: Shape
    blanks: dict[str, str]
    has_escapes: bool = False


def learn(lines: Iterable[bytes], limits: Limits) -> Layout | None:
    """The layout of most of the first lines of a file; None if none of them is an object.

    No more than `MOST_LINES` and `MOST_BYTES` of them are looked at.
    """
    top: Shape | None = None
    seen: dict[str, set[str]] = {place: set() for place in PLACES}
    has_escapes = False
    for line in _objects(lines, limits):
        row, data = line
        top = top or Shape()
        if top.members and merged(list(top.members), list(row)) is None:
            continue  # of another writer
        top.see(row)
        has_escapes = has_escapes or b"\\" in data
        for place, blank in _blanks(data.decode()):
            seen[place].add(blank)
    if top is None or top.others is not None:
        return None
    blanks = {place: _pattern(found) for place, found in seen.items()}
    return Layout(top, blanks, has_escapes)


def _objects(lines: Iterable[bytes], limits: Limits) -> Iterable[tuple[dict[str, Any], bytes]]:
    size = 0
    for number, line in enumerate(lines):
        size += len(line)
        if number == MOST_LINES or size > MOST_BYTES:
            return
        try:
            if not is_blank(line):
                yield parse(line, limits), line.strip(b" \t\r\n")
        except LineFault:
            continue


def _blanks(text: str) -> Iterable[tuple[str, str]]:
    """Each place between two tokens and the blanks that stand there."""
    previous, blank = "", ""
    for token in _TOKEN.findall(text):
        if token[0] in " \t\r\n":
            blank = token
            continue
        if place := _place(previous, token):
            yield place, blank
        previous, blank = token, ""


def _place(before: str, after: str) -> str | None:
    for token, place in ((before, "after_colon"), (after, "before_colon")):
        if token == ":":
            return place
    for token, place in ((before, "after_comma"), (after, "before_comma")):
        if token == ",":
            return place
    if before in ("{", "["):
        return "after_open"
    return "before_close" if after in ("}", "]") else None


def _pattern(blanks: set[str]) -> str:
    if blanks <= {""}:
        return ""
    if blanks <= {"", " "}:
        return " " if blanks == {" "} else " ?"
    return r"[ \t\r]*"
