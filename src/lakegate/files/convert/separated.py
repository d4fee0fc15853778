"""Turns CSV as RFC 4180 describes it, with commas, semicolons or tabs, into lines of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lakegate.files.convert.elements import MOST_RECORDS
from lakegate.files.convert.tokens import BLANK, blemished
from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code

SEPARATORS = (b",", b";", b"\t")
MOST_COLUMNS = 2000
# Of lines, what a call of `feed` shall make at most, as long as that is more than a record.
LINES_BYTES = 2**23
LEAST_FED, MOST_FED = 2**12, 2**18
QUOTED = rb'"[^"]*+(?:""[^"]*+)*+"'
TO_ESCAPE = re.compile(rb'[\x01-\x1f"\\]')
CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
ESCAPES = {b'"': b'\\"', b"\\": b"\\\\", b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t"}
# Stand between fields and at the begin of quoted ones, once no field holds a control character.
BETWEEN, WAS_QUOTED = b"\x1f", b"\x1e"
# A text whose lines end with CR alone is read with CR and LF in each other's place.
SWAPPED = bytes.maketrans(b"\r\n", b"\n\r")
# Of the end of the text nothing is known, so that CR alone is only what another byte follows.
LINE_END = rb"(?:\r?\n|\r(?=[^\n]))"


@dataclass(frozen=True)
class Header:
    """The first record of a CSV: its separator, the names of its columns, and where it ends.

    `swapped`: it ends with CR alone, and so do the others.
    """

    separator: bytes
    names: tuple[bytes, ...]
    end: int
    swapped: bool = False

    def knows(self, keys: frozenset[str]) -> tuple[int, int]:
        """How many of these keys are among the names, and how many in any spelling."""
        names = {name.decode(errors="replace") for name in self.names}
        return len(names & keys), len(set(map(_plain, names)) & set(map(_plain, keys)) - {""})


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())


def header(head: bytes, separator: bytes) -> Header | None:
    """The header that a text begins with, None if no whole record with that separator does."""
    field_ = _field(separator, QUOTED)
    match = re.compile(_record(field_, separator, rb"*+", LINE_END)).match(head)
    if match is None:
        return None
    record = match[0].rstrip(b"\r\n") + b"\n"
    fields = re.findall(rb"(" + field_ + rb")(?:" + separator + rb"|\n\Z)", record)
    names = tuple(_text(cell).strip(BLANK) for cell in fields)
    return Header(separator, names, match.end(), swapped=match[0].endswith(b"\r"))


def _field(separator: bytes, quoted: bytes, barred: bytes = rb"\r\n") -> bytes:
    return rb"(?:" + quoted + rb"|[^\"" + separator + barred + rb"]*+)"


def _record(cell: bytes, separator: bytes, times: bytes, end: bytes = rb"\r?\n") -> bytes:
    return rb"(?:" + cell + rb"(?:" + separator + cell + rb")" + times + end + rb")"


def _text(cell: bytes) -> bytes:
    return cell[1:-1].replace(b'""', b'"') if cell[:1] == b'"' else cell


def _escape(found: re.Match[bytes]) -> bytes:
    return ESCAPES.get(found[0]) or b"\\u%04x" % found[0][0]


@dataclass
class Separated:
    """The records below a header, as they are fed in; each becomes an object of texts and nulls.

    An empty field without quotes is null. A record with too few or too many fields stays as it
    stands, on one line.
    """

    header: Header
    longest: int
    count: int = 0
    _wait: bytes = b""
    _lines: list[bytes] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        names, comma = self._names(), self.header.separator
        times = b"{%d}+" % (len(names) - 1)
        # Of one column, a line without anything on it is no record.
        some = b"" if len(names) > 1 else rb"(?![ \t]*\r?\n)"
        bare = some + rb"[^\"\\\x00-\x1f" + comma + rb"]*+"
        self._cell = _field(comma, QUOTED)
        self._cells = re.compile(rb"(" + self._cell + rb")(?:" + comma + rb"|\r?\n)")
        cr, lf = (b"\n", b"\r") if self.header.swapped else (b"\r", b"\n")
        self._escapes = ((b'""', b'\\"'), (lf, b"\\n"), (cr, b"\\r"), (b"\t", b"\\t"))
        self._bare = re.compile(_record(bare, comma, times) + rb"*+")
        self._any = re.compile(_record(some + self._cell, comma, times) + rb"*+")
        self._counted_wrong = re.compile(_record(self._cell, comma, rb"*+"))
        self._open = re.compile(rb"(?:" + self._cell + comma + rb')*+"[^"]*+(?:""[^"]*+)*+"?\r?\Z')
        self._begun = re.compile(rb"(?:" + self._cell + comma + rb")*+" + self._cell + rb"\r?\Z")
        self._ways = ((self._bare, self._write_bare), (self._any, self._write_any))
        self._texts = b"{" + b",".join(b'"%s":"%%b"' % name for name in names) + b"}\n"
        # A record of empty fields is the one of which the most comes.
        fed = LINES_BYTES * len(names) // len(self._texts)
        self._fed = max(LEAST_FED, min(MOST_FED, fed))

    def _names(self) -> list[bytes]:
        names = [name or b"column %d" % number for number, name in enumerate(self.header.names, 1)]
        if len(names) > MOST_COLUMNS:
            raise FileFault(Code.TOO_MANY_COLUMNS, f"{len(names)} columns; {MOST_COLUMNS} may be")
        if twice := next((name for name in names if names.count(name) > 1), None):
            shown = twice[:64].decode(errors="replace")
            raise FileFault(Code.DUPLICATE_KEY, f"the header names {shown!r} twice")
        return [TO_ESCAPE.sub(_escape, name).replace(b"%", b"%%") for name in names]

    def fed(self, text: bytes) -> Iterator[bytes]:
        """The lines of a text, which is fed in pieces of which not too much comes at once."""
        for start in range(0, len(text), self._fed):
            yield self.feed(text[start : start + self._fed])

    def feed(self, chunk: bytes, *, last: bool = False) -> bytes:
        """The lines of the records that are whole by now. Raises FileFault."""
        if self.header.swapped:
            chunk = chunk.translate(SWAPPED)
        data = self._wait + chunk if self._wait else chunk
        unended = last and data.rstrip(b"\r")[-1:] not in {b"", b"\n"}
        self._lines = []
        place = self._take(data + b"\n" if unended else data, last, unended)
        self._wait = data[place:]
        if len(self._wait) > self.longest:
            raise self._too_long(self._wait)
        if self.count > MOST_RECORDS:
            raise FileFault(Code.TOO_MANY_RECORDS, f"over {MOST_RECORDS} records")
        return b"".join(self._lines)

    def _take(self, data: bytes, last: bool, unended: bool) -> int:
        place = 0
        while place < len(data):
            begun = place
            for pattern, write in self._ways:
                match = pattern.match(data, place)
                if match is not None and match.end() > place:
                    write(match[0])
                    place = match.end()
            if place == begun and (place := self._odd(data, begun, last, unended)) == begun:
                break
        return place

    def _write_bare(self, records: bytes) -> None:
        """Records of fields without quotes, of which nothing has to be escaped."""
        comma = self.header.separator
        if b"\r" in records:
            records = records.replace(b"\r\n", b"\n")
        self._append(records[:-1].replace(b"\n", comma).split(comma))

    def _append(self, cells: list[bytes]) -> None:
        number = len(cells) // len(self.header.names)
        lines = self._texts * number % tuple(cells)
        # Quotes within fields are escaped, so these are the empty ones without quotes.
        self._lines.append(lines.replace(b':""', b":null").replace(WAS_QUOTED, b""))
        self.count += number

    def _write_any(self, records: bytes) -> None:
        """Records of any valid fields."""
        text = CONTROLS.sub(_escape, records.replace(b"\\", b"\\\\"))
        cells = BETWEEN.join([b"", *self._cells.findall(text), b""])
        # Only quotes beside what is between fields are around one; the others were written twice.
        cells = cells.replace(BETWEEN + b'"', BETWEEN + WAS_QUOTED).replace(b'"' + BETWEEN, BETWEEN)
        for found, escaped in self._escapes:
            cells = cells.replace(found, escaped)
        self._append(cells[1:-1].split(BETWEEN))

    def _odd(self, data: bytes, place: int, last: bool, unended: bool) -> int:
        """Where a record that is none ends; the same place if more is needed to know."""
        end = data.find(b"\n", place) + 1
        if end and not data[place:end].strip(BLANK):
            return end
        if match := self._counted_wrong.match(data, place):
            end = match.end()
            few = len(self._cells.findall(match[0])) < len(self.header.names)
            if unended and end == len(data) and few:
                raise FileFault(Code.TRUNCATED, "the last record breaks off", self.count + 1)
        elif self._open.match(data, place):
            if not last:
                return place
            raise FileFault(Code.TRUNCATED, "the file ends in a quoted field", self.count + 1)
        if not end or self._begun.match(data, place):
            return place
        record = data[place:end]
        # What looks like an object would be taken for one.
        mark = self.header.separator if record.lstrip().startswith(b"{") else b""
        self._lines.append(mark + blemished(record))
        self.count += 1
        return end

    def _too_long(self, record: bytes) -> FileFault:
        if self._open.match(record):
            detail = f"a quoted field does not end within {self.longest} bytes"
            return FileFault(Code.UNCLOSED_QUOTE, detail, self.count + 1)
        detail = f"a record does not end within {self.longest} bytes"
        return FileFault(Code.LINE_TOO_LONG, detail, self.count + 1)
