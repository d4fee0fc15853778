"""Splits an array, or values that stand one after the other, into lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from lakegate.files.convert.tokens import (
    BLANK,
    BLANKS,
    STRING,
    Found,
    blemished,
    object_end,
    on_one_line,
    plain_object,
    skip_blanks,
    value_at,
)
from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code

FIRST_KEY = re.compile(rb"\{" + BLANKS + rb"(" + STRING + rb"|\})")
NEXT_IN_ARRAY = re.compile(rb"," + BLANKS + rb"(?=\{" + BLANKS + rb"(" + STRING + rb"|\}))")
NEXT_IN_STREAM = re.compile(rb"[\n}]" + BLANKS + rb"(?=\{" + BLANKS + rb"(" + STRING + rb"|\}))")
FOLLOWED_IN_ARRAY = re.compile(BLANKS + rb"," + BLANKS + rb"(?=\{)")
FOLLOWED_IN_STREAM = re.compile(BLANKS + rb"(?=\{)")
NEXT_OBJECT = re.compile(rb"(?=\{" + BLANKS + rb"(" + STRING + rb"|\}))")
# The bracket that closes an array: nothing follows, or the rest of the object around it.
AT_END = re.compile(
    rb"\]" + BLANKS + rb"(?:\}?" + BLANKS + rb"\Z|," + BLANKS + STRING + BLANKS + rb":)"
)
# What a call can take in its time, and how many oddities may outweigh the rest by chance.
MOST_RECORDS = 2**25
FEW_ODD = 10_000
# Of objects that are not plain, until it is tried again whether they are.
DEEP_RUN = 100


@cache
def run_of(separator: bytes) -> re.Pattern[bytes]:
    """Matches a plain object with what separates it from the next one; made when first needed.

    The empty alternative ends a run where it stands, so that nothing is searched for behind it.
    """
    return re.compile(rb"(" + plain_object() + rb")" + BLANKS + separator + BLANKS + rb"|")


@dataclass
class Elements:
    """The elements of one array (`is_array`), or the values of a stream, as they are fed in.

    Bytes that are no whole element yet wait for more, at most `longest` of them. `done` after the
    bracket that closes the array; what follows it is then in `rest`.
    """

    longest: int
    is_array: bool
    count: int = 0
    done: bool = False
    rest: bytes = b""
    _wait: bytes = b""
    _key: bytes = b""
    _text: str = field(default="", repr=False)
    _lines: list[bytes] = field(default_factory=list, repr=False)
    _broken_ones: int = 0
    _others: int = 0

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """The lines of the elements that are whole by now. Raises FileFault."""
        data = self._wait + chunk if self._wait else chunk
        self._text, self._lines = "", []
        place = self._take(data, last)
        self._wait = data[place:]
        if self.done:
            self.rest, self._wait = self._wait, b""
        elif last and (self.is_array or self._wait.strip(BLANK)):
            raise FileFault(Code.TRUNCATED, "the file ends within a record or an array")
        elif len(self._wait) > self.longest:
            detail = f"a record does not end within {self.longest} bytes"
            raise FileFault(Code.LINE_TOO_LONG, detail, self.count + 1)
        self._check_counts()
        return b"".join(self._lines)

    def _check_counts(self) -> None:
        if self.count > MOST_RECORDS:
            raise FileFault(Code.TOO_MANY_RECORDS, f"over {MOST_RECORDS} records")
        odd = self._broken_ones + self._others
        if odd > FEW_ODD and odd > self.count / 2:
            code = Code.SYNTAX if self._broken_ones > self._others else Code.NOT_AN_OBJECT
            raise FileFault(code, f"{odd} of the first {self.count} records are no objects")

    def _take(self, data: bytes, last: bool) -> int:
        """Turn what is whole into lines; the place from which on the rest has to wait."""
        place = skip_blanks(data, 0)
        while not self.done and place < len(data):
            place = self._run(data, place)
            after = self._one(data, place, last) if place < len(data) else None
            if after is None:
                break
            place = after
        return place

    def _run(self, data: bytes, place: int) -> int:
        """Take plain objects at the speed of the regular expression engine."""
        run: list[bytes] = []
        for match in run_of(b"," if self.is_array else b"").finditer(data, place):
            if match[1] is None:
                break
            run.append(match[1])
            place = match.end()
        if run:
            self.count += len(run)
            self._lines.append(on_one_line(run))
            if (key := FIRST_KEY.match(run[-1])) is not None:
                self._key = key[1]
        return place

    def _one(self, data: bytes, place: int, last: bool) -> int | None:
        """Take the element at a place, however it is written; None if more is needed for it."""
        if self.is_array and data[place : place + 1] == b"]":
            self.done = True
            if self.count:
                # A comma stands before it: an element is missing.
                self._add_broken(b"")
            return place + 1
        if self.is_array and data[place : place + 1] == b",":
            self._add_broken(b"")
            return place + 1
        if not self._text:
            self._text = data.decode("latin-1")
        value = value_at(self._text, place)
        if value.found is Found.UNFINISHED:
            return None
        if value.found is Found.WHOLE:
            end = skip_blanks(data, value.end)
            if end == len(data) and not last:
                return None
            if (after := self._closed(data, value.end, end)) is not None:
                self.count += 1
                self._others += data[place : place + 1] != b"{"
                self._lines.append(on_one_line([data[place : value.end]]))
                return after if self.done else self._deep(data, after)
        return self._broken(data, place, last)

    def _deep(self, data: bytes, place: int) -> int:
        """Take objects that are alike the one before them, which was no plain one."""
        following = FOLLOWED_IN_ARRAY if self.is_array else FOLLOWED_IN_STREAM
        run: list[bytes] = []
        while len(run) < DEEP_RUN and self._text.startswith("{", place):
            end = object_end(self._text, place)
            match = following.match(data, end) if end > place else None
            if match is None:
                break
            run.append(data[place:end])
            place = match.end()
        if run:
            self.count += len(run)
            self._lines.append(on_one_line(run))
        return place

    def _closed(self, data: bytes, stop: int, end: int) -> int | None:
        """The place behind what has to follow an element, None if it does not.

        The element stops at one place, the blanks behind it end at another.
        """
        if not self.is_array:
            # A date is no three numbers.
            is_apart = (
                stop < end or data[stop - 1 : stop] in b'}]"' or data[stop : stop + 1] in b'{["'
            )
            return end if is_apart else None
        if data[end : end + 1] == b",":
            return skip_blanks(data, end + 1)
        if data[end : end + 1] == b"]":
            self.done = True
            return end + 1
        return None

    def _broken(self, data: bytes, place: int, last: bool) -> int | None:
        """Take a record that is no JSON, up to where the next one begins or the array ends."""
        keyed = self._key
        if not keyed and (own := FIRST_KEY.match(data, place)) is not None:
            keyed = own[1]
        following = NEXT_IN_ARRAY if self.is_array else NEXT_IN_STREAM
        if not self.is_array and data[place : place + 1] != b"{":
            following = NEXT_OBJECT
        other: re.Match[bytes] | None = None
        for match in following.finditer(data, place + 1):
            other = other or match
            if match[1] == keyed or not keyed:
                return self._up_to(data, place, match)
        if other is not None and (last or len(data) - place > self.longest):
            return self._up_to(data, place, other)
        if not last:
            return None
        if not self.is_array:
            self._add_broken(data[place:])
            return len(data)
        if (closing := AT_END.search(data, place)) is None:
            return None
        self._add_broken(data[place : closing.start()])
        self.done = True
        return closing.start() + 1

    def _up_to(self, data: bytes, place: int, following: re.Match[bytes]) -> int:
        # The bracket that ends a record of a stream is its own, the comma in an array is not.
        stop = following.start() + (data[following.start() : following.start() + 1] == b"}")
        self._add_broken(data[place:stop])
        return following.end()

    def _add_broken(self, record: bytes) -> None:
        self.count += 1
        self._broken_ones += 1
        self._lines.append(blemished(record))
