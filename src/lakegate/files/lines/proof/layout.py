"""Learns from a file's first lines how its writer lays out a line.

Writers repeat themselves: the same keys in the same order, the same blanks, the same kinds of
values. A `Layout` is what `pattern.py` needs to prove at the speed of a regular expression that
another line is laid out like that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lakegate.contract.model import Limits
from lakegate.files.errors import LineFault
from lakegate.files.lines.parse import is_blank, parse

MOST_LINES = 200
MOST_KEYS = 200
MOST_SAMPLES = 50
LONGEST_SAMPLE = 200
DEEPEST = 8

PLACES = (
    "after_open",
    "before_close",
    "before_colon",
    "after_colon",
    "before_comma",
    "after_comma",
)
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[ \t\r\n]+|[:,{}\[\]]|[^\s:,{}\[\]"]+')


@dataclass
class Shape:
    """What was seen in one place of the lines.

    `scalars` has a few of the tokens, `members` the keys of objects in their order, `always` those
    of them that no object lacked; `is_map` says that objects have keys as they please, all of them
    with values like `elements`. `elements` is also what arrays hold.
    """

    scalars: list[Any] = field(default_factory=list)
    members: dict[str, Shape] | None = None
    always: set[str] = field(default_factory=set)
    elements: Shape | None = None
    is_map: bool = False
    is_array: bool = False

    def see(self, value: Any, depth: int = 1) -> None:
        """Take in what stands in the place on one more line."""
        if depth > DEEPEST:
            return
        if isinstance(value, dict):
            self._see_object(value, depth)
        elif isinstance(value, list):
            self.is_array = True
            for item in value[:MOST_SAMPLES]:
                self._element().see(item, depth + 1)
        elif value is not None and len(self.scalars) < MOST_SAMPLES:
            self.scalars.append(value[:LONGEST_SAMPLE] if type(value) is str else value)

    def absorb(self, other: Shape) -> None:
        """Take in what was seen in another place."""
        self.scalars = [*self.scalars, *other.scalars][:MOST_SAMPLES]
        if other.elements is not None:
            self._element().absorb(other.elements)
        self.is_map, self.is_array = self.is_map or other.is_map, self.is_array or other.is_array
        if other.members is not None:
            for member in other.members.values():
                self._element().absorb(member)
            self.members, self.is_map = self.members or {}, True

    def _element(self) -> Shape:
        self.elements = self.elements or Shape()
        return self.elements

    def _see_object(self, value: dict[str, Any], depth: int) -> None:
        if self.members is None:
            self.members, self.always = {}, set(value)
        order = merged(list(self.members), list(value))
        if self.is_map or order is None or len(order) > MOST_KEYS:
            for member in () if self.is_map else self.members.values():
                self._element().absorb(member)
            self.is_map = True
            for item in value.values():
                self._element().see(item, depth + 1)
            return
        self.always &= set(value)
        self.members = {key: self.members.get(key) or Shape() for key in order}
        for key, item in value.items():
            self.members[key].see(item, depth + 1)


@dataclass(frozen=True)
class Layout:
    """The outermost objects of the lines, and what blanks stand in which `PLACES`, as patterns."""

    top: Shape
    blanks: dict[str, str]


def learn(lines: Iterable[bytes], limits: Limits) -> Layout | None:
    """The layout of most of the first lines of a file; None if none of them is an object."""
    top: Shape | None = None
    seen: dict[str, set[str]] = {place: set() for place in PLACES}
    for line in _objects(lines, limits):
        row, data = line
        top = top or Shape()
        if top.members and merged(list(top.members), list(row)) is None:
            continue  # of another writer
        top.see(row)
        for place, blank in _blanks(data.decode()):
            seen[place].add(blank)
    if top is None or top.is_map:
        return None
    return Layout(top, {place: _pattern(blanks) for place, blanks in seen.items()})


def merged(known: Sequence[str], new: Sequence[str]) -> list[str] | None:
    """One order of keys in which both fit; None if they contradict each other."""
    order, at = list(known), 0
    places = {key: place for place, key in enumerate(known)}
    if list(known) == list(new):
        return order
    added = 0
    for key in new:
        if key in places:
            place = places[key] + added
            if place < at:
                return None
            at = place + 1
        else:
            order.insert(at, key)
            at, added = at + 1, added + 1
    return order


def _objects(lines: Iterable[bytes], limits: Limits) -> Iterable[tuple[dict[str, Any], bytes]]:
    for number, line in enumerate(lines):
        if number == MOST_LINES:
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
