"""Finds how values stand in a text from its beginning: lines, an array, a stream, CSV, …"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from lakegate.contract.model import Dataset
from lakegate.files.convert import separated
from lakegate.files.convert.separated import SEPARATORS, Header
from lakegate.files.convert.tokens import BLANK, Found, value_at
from lakegate.files.convert.wrappers import Wrapper, wrapper

# A text of which so many lines are no JSON is no JSON.
MOST_LINES = 1000
# Values on a line that are looked at before it is taken for one of several.
MOST_VALUES = 9
LINE_END = re.compile(separated.LINE_END)
# What a first line tells Excel.
SEPARATOR_TOLD = re.compile(rb'"?sep=[,;\t]"?[ \t]*(?:\r?\n|\r(?=[^\n]))', re.IGNORECASE)
# An array whose first element is an object or on a further line, or without one.
ARRAY = re.compile(r"\[[ \t\r]*+(?:[{\]]|\Z)")
# One whose first element is neither an object nor JSON.
BROKEN_FIRST = re.compile(r'\[[^\[\]{}"]*,[ \t\r\n]*+\{[ \t\r\n]*+["}]')
# Where an object begins on a line.
OBJECT = re.compile(r'\{[ \t\r]*+["}]')


class Kind(StrEnum):
    """How values stand in a file."""

    LINES = "lines"
    ARRAY = "array"
    STREAM = "stream"
    WRAPPED = "wrapped"
    CSV = "csv"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Shape:
    """What was found; `start` is the place of the first value or of the first record of a CSV."""

    kind: Kind
    start: int = 0
    header: Header | None = None
    wrapper: Wrapper | None = None


def known_keys(dataset: Dataset) -> frozenset[str]:
    """The outermost keys that the columns of a dataset are found under."""
    return frozenset(column.path[0] for column in dataset.columns)


def find(  # noqa: PLR0911 - one return for each shape
    head: bytes, ended: bool, name: str, dataset: Dataset, longest: int
) -> Shape | None:
    """The shape of a text that begins with `head`; None if more of it has to be seen.

    `ended`: there is no more. With a head of `longest` bytes there always is an answer.
    """
    final = ended or len(head) > longest
    start = len(head) - len(head.lstrip(BLANK))
    if start == len(head):
        return Shape(Kind.LINES) if final else None
    first = head[start : start + 1]
    told = SEPARATOR_TOLD.match(head, start)
    top = told.end() if told else start
    if first not in b"{[":
        if not (final or LINE_END.search(head, top)):
            return None
        if (header := _header(head[top:], ended, known_keys(dataset))) is not None:
            return Shape(Kind.CSV, top + header.end, header)
    text = head.decode("latin-1")
    if first == b"{" and value_at(text, start).found is Found.BROKEN:
        # Maybe only one of the records in it.
        around = wrapper(text[start:], name, dataset, whole=False)
        if around is not None:
            return Shape(Kind.WRAPPED, start, wrapper=around)
    found = _first_line(text, start, final)
    if found is None:
        return None
    if found is Kind.WRAPPED:
        # One object and nothing else, or one that is longer than any record.
        whole = ended and value_at(text, start).found is Found.WHOLE
        around = wrapper(text[start:], name, dataset, whole=whole)
        if around is not None:
            return Shape(Kind.WRAPPED, start, wrapper=around)
        found = Kind.STREAM if "\n" in text.strip(" \t\r\n") else Kind.LINES
    # Numbers with tabs between them would be values one after the other, were there no header.
    unlike = found is Kind.UNKNOWN or (found is Kind.STREAM and first not in b"{[")
    if unlike and (header := _guess(head[top:], ended)) is not None:
        return Shape(Kind.CSV, top + header.end, header)
    # An array is read from behind its bracket.
    return Shape(found, start + (found is Kind.ARRAY))


def _first_line(text: str, start: int, final: bool) -> Kind | None:
    """The kind of a text by its first line that is JSON; WRAPPED stands for a lone object."""
    for number, (place, stop) in enumerate(_lines(text, start)):
        if stop is None and not final:
            return None
        line = text[place:stop]
        if number == 0 and ARRAY.match(line) and value_at(line, 0).found is not Found.WHOLE:
            return Kind.ARRAY
        kind = _line(text, place, stop, final=final)
        if kind is not Kind.UNKNOWN:
            return kind
        if number == MOST_LINES:
            break
    if text[start] == "[":
        is_array = BROKEN_FIRST.match(text, start) or _first_element_is_whole(text, start)
        return Kind.ARRAY if is_array else Kind.UNKNOWN
    if text[start] == "{":
        return Kind.LINES if _one_on_each(text, start) else Kind.STREAM
    return Kind.STREAM if _objects_follow(text, start) else Kind.UNKNOWN


def _line(text: str, place: int, stop: int | None, *, final: bool) -> Kind | None:
    """What a line says of its file; UNKNOWN if it is no JSON, None if more has to be seen."""
    end_of_line = len(text) if stop is None else stop
    value = value_at(text[:end_of_line] if place == 0 else text[place:end_of_line], 0)
    if value.found is Found.WHOLE:
        rest = place + value.end
        while rest < end_of_line and text[rest] in " \t\r":
            rest += 1
        if rest < end_of_line:
            return Kind.STREAM if _goes_on(text[place:end_of_line]) else Kind.UNKNOWN
        if text[end_of_line:].strip(" \t\r\n"):
            return Kind.LINES
        return _alone(text, place) if final else None
    if value.found is Found.UNFINISHED:
        return _over_lines(text, place, final=final)
    return Kind.UNKNOWN


def _over_lines(text: str, place: int, *, final: bool) -> Kind | None:
    """As `_line`, for a value that does not end on its line."""
    value = value_at(text, place)
    if value.found is Found.BROKEN:
        return Kind.UNKNOWN
    if value.found is Found.UNFINISHED and not final:
        return None
    if value.found is Found.UNFINISHED:
        # Cut off, or longer than any record: an array, or an object around one.
        return {"[": Kind.ARRAY, "{": Kind.WRAPPED}.get(text[place], Kind.STREAM)
    if text[value.end :].strip(" \t\r\n"):
        return Kind.STREAM
    return _alone(text, place) if final else None


def _alone(text: str, place: int) -> Kind:
    """The kind of a text whose one value stands at a place, as far as it was seen."""
    if text[:place].strip(" \t\r\n"):
        return Kind.LINES
    return {"[": Kind.ARRAY, "{": Kind.WRAPPED}.get(text[place], Kind.LINES)


def _goes_on(text: str) -> bool:
    """Whether a line holds values one after the other: up to a second one that is in brackets.

    Blanks stand behind a number and a word: a date is no three numbers.
    """
    for number in range(MOST_VALUES):
        value = value_at(text, 0)
        if value.found is not Found.WHOLE:
            return value.found is Found.UNFINISHED
        rest = text[value.end :].lstrip(" \t\r")
        if not rest or (number and text[0] in '{["'):
            return True
        if text[0] not in '{["' and text[value.end] not in ' \t\r{["':
            return False
        text = rest
    return True


def _one_on_each(text: str, start: int) -> bool:
    """Whether there are several lines, and each of the first ones looks like one object."""
    lines = [text[place:stop].rstrip(" \t\r\n") for place, stop in islice(_lines(text, start), 9)]
    alike = all(line[:1] == "{" and line[-1:] == "}" for line in lines)
    return alike and len(lines) > 1


def _objects_follow(text: str, start: int) -> bool:
    """Whether several objects stand behind a value on the first line.

    A line of a log may have one.
    """
    line = text[start:].split("\n", 1)[0]
    value = value_at(line, 0)
    begun = OBJECT.search(line, value.end) if value.found is Found.WHOLE else None
    if begun is None:
        return False
    first = value_at(line, begun.start())
    return first.found is Found.WHOLE and line[first.end :].lstrip(" \t\r")[:1] == "{"


def _first_element_is_whole(text: str, start: int) -> bool:
    place = start + 1
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    value = value_at(text, place)
    following = text[value.end :].lstrip(" \t\r\n")[:1] if value.found is Found.WHOLE else "-"
    return following in {"", ",", "]"}


def _lines(text: str, start: int) -> Iterator[tuple[int, int | None]]:
    """Begin and end of each line that is not blank; None for the end of the last one."""
    place = start
    while place < len(text):
        found = text.find("\n", place)
        stop = None if found < 0 else found
        if text[place:stop].strip(" \t\r"):
            yield place + len(text[place:stop]) - len(text[place:stop].lstrip(" \t\r")), stop
        if stop is None:
            return
        place = stop + 1


def _header(head: bytes, ended: bool, keys: frozenset[str]) -> Header | None:
    """The header in which the most keys are known, None if none has one in any spelling."""
    headers = _headers(head, ended)
    best = max(headers, key=lambda item: (item.knows(keys), len(item.names)), default=None)
    return best if best is not None and any(best.knows(keys)) else None


def _guess(head: bytes, ended: bool) -> Header | None:
    """The header of what looks like a table though no column of it is known."""
    best = max(_headers(head, ended), key=lambda item: len(item.names), default=None)
    named = [name for name in best.names if name] if best else []
    if best is None or len(named) < 2 or len(set(named)) < len(named):
        return None
    if not all(re.fullmatch(rb"[^<>{}\[\]]{1,64}", name) for name in named):
        return None
    rest = head[best.end :].lstrip(BLANK)
    following = separated.header(rest + b"\n", best.separator) if rest else None
    return best if following is None or len(following.names) == len(best.names) else None


def _headers(head: bytes, ended: bool) -> list[Header]:
    whole = head + b"\n" if ended and not head.endswith(b"\n") else head
    found = (separated.header(whole, separator) for separator in SEPARATORS)
    return [header for header in found if header is not None]
