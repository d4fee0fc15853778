"""Finds the records in an object that stands around them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import Enum

from lakegate.contract.model import Dataset
from lakegate.files.convert.elements import Elements
from lakegate.files.convert.tokens import Found, has_objects, skip_blanks, value_at
from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code

SHOWN = 5
ARRAY_OF_OBJECTS = re.compile(r"\[[ \t\r\n]*+\{")
EMPTY_ARRAY = re.compile(r"\[[ \t\r\n]*+\]")


class Kind(Enum):
    """What a member of an object is."""

    OTHER = "other"
    EMPTY = "empty array"
    OF_OBJECTS = "array of objects"
    OF_OTHERS = "array of other values"


@dataclass(frozen=True)
class Wrapper:
    """Where the records of an object are: under `key`, or under the only key if it is None."""

    name: str
    key: str | None


class NamedLaterError(Exception):
    """An array was taken for the records, and one that is named like the dataset follows it."""


def wrapper(text: str, name: str, dataset: Dataset, *, whole: bool) -> Wrapper | None:
    """The wrapper that a text of one object is, None if the object is a record itself.

    An object has the source key of a required column only if it is a record. Where the text is not
    `whole`, its object is longer than any record, and what is seen of it decides.
    """
    members = _members(text)
    required = {column.path[0] for column in dataset.required or dataset.columns}
    if required & set(members):
        return None
    arrays = [key for key, kind in members.items() if kind is Kind.OF_OBJECTS]
    empty = [key for key, kind in members.items() if kind is Kind.EMPTY]
    if members.get(name, Kind.OTHER) is not Kind.OTHER:
        return Wrapper(name, name)
    candidates = arrays or (empty if whole else [])
    if len(candidates) == 1 and whole:
        return Wrapper(name, candidates[0])
    return Wrapper(name, None) if arrays else None


def _members(text: str) -> dict[str, Kind]:
    """The keys of an object as far as it is there, and what kind of array each has."""
    members: dict[str, Kind] = {}
    place = _blanks(text, 1)
    while text[place : place + 1] == '"':
        value = value_at(text, place)
        if value.found is not Found.WHOLE:
            break
        key = _key(text[place : value.end])
        place = _blanks(text, value.end)
        if text[place : place + 1] != ":":
            break
        place = _blanks(text, place + 1)
        members[key] = _kind(text, place)
        value = value_at(text, place)
        if value.found is not Found.WHOLE:
            break
        place = _blanks(text, value.end)
        if text[place : place + 1] != ",":
            break
        place = _blanks(text, place + 1)
    return members


def _kind(text: str, place: int) -> Kind:
    if text[place : place + 1] != "[":
        return Kind.OTHER
    if EMPTY_ARRAY.match(text, place):
        return Kind.EMPTY
    if ARRAY_OF_OBJECTS.match(text, place) or has_objects(text, place):
        return Kind.OF_OBJECTS
    return Kind.OF_OTHERS


def _blanks(text: str, place: int) -> int:
    while text[place : place + 1] and text[place] in " \t\r\n":
        place += 1
    return place


def _key(token: str) -> str:
    """The key that a token of a Latin-1 text stands for."""
    text = token.encode("latin-1").decode(errors="replace")
    return str(json.loads(text)) if "\\" in text else text[1:-1]


@dataclass
class Wrapped:
    """The elements of the array in an object, as it is fed in; its other members are passed over.

    What stands beside the arrays is at most `longest` bytes. Raises NamedLaterError when the array
    that was taken for want of a better one is not the one.
    """

    wrapper: Wrapper
    longest: int
    elements: Elements = field(init=False)
    done: bool = False
    rest: bytes = b""
    _taken: str | None = None
    _others: list[str] = field(default_factory=list)
    _inside: Elements | None = None
    _wait: bytes = b""
    _beside: int = 0
    _at: str = "start"

    def __post_init__(self) -> None:
        self.elements = Elements(self.longest, is_array=True)

    @property
    def count(self) -> int:
        """How many records there were."""
        return self.elements.count

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """The lines of the elements that are whole by now. Raises FileFault, NamedLaterError."""
        out: list[bytes] = []
        data = self._wait + chunk
        while True:
            if self._inside is not None:
                inside = self._inside
                lines = inside.feed(data, last=last)
                if inside is self.elements:
                    out.append(lines)
                if not inside.done:
                    data = b""
                    break
                data, self._inside, self._at = inside.rest, None, "after"
            place = self._pass_over(data)
            self._beside += place
            data = data[place:]
            if self._inside is None:
                break
        self._wait, self.rest = (b"", data) if self.done else (data, b"")
        if last and not self.done:
            raise FileFault(Code.TRUNCATED, "the object around the records breaks off")
        if self._beside + len(self._wait) > self.longest:
            detail = f"over {self.longest} bytes stand beside the array of the records"
            raise FileFault(Code.LINE_TOO_LONG, detail)
        return b"".join(out)

    def _pass_over(self, data: bytes) -> int:
        """Go on to the next array or the end of the object; the place that was reached."""
        text, reached = data.decode("latin-1"), 0
        while self._inside is None and not self.done:
            place = skip_blanks(data, reached)
            after = self._step(text, place) if place < len(data) else None
            if after is None:
                break
            reached = after
        return reached

    def _step(self, text: str, place: int) -> int | None:
        """Where the next token or member of the object ends; None if more is needed."""
        if self._at == "start":
            self._at = "key"
            return place + 1
        if self._at == "after":
            return self._separator(text[place], place)
        key = value_at(text, place)
        if key.found is Found.UNFINISHED:
            return None
        colon = _blanks(text, key.end)
        if text[place] == "}" and key.found is Found.BROKEN:
            return self._separator("}", place)
        if text[place] != '"' or key.found is Found.BROKEN or text[colon : colon + 1] not in ":":
            raise FileFault(Code.SYNTAX, "the object around the records is no JSON")
        if colon == len(text):
            return None
        return self._member(text, _key(text[place : key.end]), _blanks(text, colon + 1))

    def _separator(self, byte: str, place: int) -> int:
        if byte == ",":
            self._at = "key"
            return place + 1
        if byte != "}":
            raise FileFault(Code.SYNTAX, "the object around the records is no JSON")
        self.done = True
        if self._others:
            names = [self._taken or "", *self._others][:SHOWN]
            shown = ", ".join(repr(name[:64]) for name in names)
            raise FileFault(Code.SEVERAL_ARRAYS, f"arrays of objects: {shown}")
        return place + 1

    def _member(self, text: str, key: str, place: int) -> int | None:
        if text[place : place + 1] == "[":
            begun = _blanks(text, place + 1)
            if begun == len(text):
                return None
            if text[begun] in "{]" or key == self.wrapper.key:
                self._open(key, empty=text[begun] == "]")
                return place + 1
        value = value_at(text, place)
        if value.found is Found.BROKEN:
            raise FileFault(Code.SYNTAX, f"the value of {key[:64]!r} is no JSON")
        if value.found is Found.UNFINISHED or _blanks(text, value.end) == len(text):
            return None
        self._at = "after"
        return value.end

    def _open(self, key: str, *, empty: bool) -> None:
        """Begin an array: that of the records, or one to pass over."""
        self._inside = Elements(self.longest, is_array=True)
        if self.wrapper.key is not None:
            if key == self._taken:
                raise FileFault(Code.DUPLICATE_KEY, f"the array {key[:64]!r} stands twice")
            if key == self.wrapper.key:
                self._inside, self._taken = self.elements, key
            return
        if empty:
            return
        if self._taken is None:
            self._inside, self._taken = self.elements, key
        elif key == self.wrapper.name:
            raise NamedLaterError
        else:
            self._others.append(key)
