"""The chain of a conversion: inflate, decode, find the shape, split; bytes in, lines out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from lakegate.contract.model import Dataset, Limits
from lakegate.files import sniff
from lakegate.files.convert.decode import decoded
from lakegate.files.convert.elements import Elements
from lakegate.files.convert.inflate import PIECE_BYTES, inflated
from lakegate.files.convert.separated import Separated
from lakegate.files.convert.shapes import Kind, Shape, find
from lakegate.files.convert.tokens import BLANK, blemished
from lakegate.files.convert.wrappers import Wrapped, Wrapper
from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code
from lakegate.files.sniff import Encoding
from lakegate.files.verdict import Rejected

MANY = 65
HEADER_BYTES = 4096
CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
OBJECT = re.compile(rb'\{[ \t\r\n]*+["}]')
DEEP = re.compile(rb"(?:[\[{][ \t\r\n]*+){%d}" % MANY)

Reader = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Content:
    """What was found in a file. `codec` is that of its text, `shape` how its values stand there."""

    shape: Shape
    codec: str = "utf-8"
    marked: bool = False
    compression: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the file is what silver holds: lines in UTF-8, without a mark."""
        plain = not self.compression and not self.marked and self.codec == "utf-8"
        return plain and self.shape.kind is Kind.LINES

    @property
    def casts(self) -> str:
        """The casts of this file alone; empty for the dataset's."""
        return "lenient" if self.shape.kind is Kind.CSV else ""


@dataclass
class Conversion:
    """One file on its way through the chain; what was found is known once lines come out.

    `read` opens the file from its beginning. `unpacked` counts the bytes of the text, `written`
    those of the lines, `records` what was split; what came as lines is not counted. A conversion
    can be run again, and gives the same.
    """

    read: Reader
    name: str
    dataset: Dataset
    limits: Limits
    content: Content = Content(Shape(Kind.UNKNOWN))
    unpacked: int = 0
    written: int = 0
    records: int | None = None
    _named: bool = field(default=False, repr=False)

    def lines(self) -> Iterator[bytes]:
        """The lines, some at a time. Raises FileFault, and NamedLaterError to be begun anew."""
        self.unpacked = self.written = 0
        for lines in self._split(self.text()):
            if lines:
                self.written += len(lines)
                self._check(self.written)
                yield lines

    def anew(self) -> Conversion:
        """The conversion to begin after a NamedLaterError: with the array named as the dataset."""
        return replace(self, _named=True)

    def _check(self, count: int) -> None:
        if count > self.limits.max_convert_bytes:
            detail = f"over {self.limits.max_convert_bytes} bytes came out"
            raise FileFault(Code.TOO_LARGE_TO_CONVERT, detail)

    def text(self) -> Iterator[bytes]:
        """The text in UTF-8, in small pieces, within the bounds of a conversion."""
        pieces = _pieces(self.read())
        head, pieces = _peek(pieces, 2)
        if compressed := sniff.is_gzip(head):
            head, pieces = _peek(inflated(pieces), 2)
            if sniff.is_gzip(head):
                raise FileFault(Code.COMPRESSED_TWICE, "gzip within gzip")
        head, pieces = _peek(pieces, sniff.HEAD_BYTES)
        encoding = sniff.encoding(head)
        if isinstance(encoding, Rejected):
            raise FileFault(encoding.code, encoding.detail)
        self.content = Content(
            Shape(Kind.UNKNOWN),
            encoding.codec,
            bool(encoding.mark_bytes),
            "gzip" if compressed else "",
        )
        yield from self._bounded(pieces, encoding)

    def _bounded(self, pieces: Iterator[bytes], encoding: Encoding) -> Iterator[bytes]:
        """Within the limit, and in pieces that are large enough to be worth a look each."""
        gathered: list[bytes] = []
        size = 0
        for piece in decoded(pieces, encoding):
            self.unpacked += len(piece)
            self._check(self.unpacked)
            gathered.append(piece)
            size += len(piece)
            if size >= PIECE_BYTES // 2:
                yield b"".join(gathered)
                gathered, size = [], 0
        if gathered:
            yield b"".join(gathered)

    def _split(self, text: Iterator[bytes]) -> Iterator[bytes]:
        head, shape = b"", None
        for piece in text:
            # Blank lines before the first value count as nothing, however many there are.
            head = head + piece if head else piece.lstrip(BLANK)
            shape = self._find(head, ended=False)
            if shape is not None:
                break
        shape = shape or self._find(head, ended=True)
        assert shape is not None
        if self._named:
            shape = replace(shape, wrapper=Wrapper(self.name, self.name))
        self.content = replace(self.content, shape=shape)
        if shape.kind is Kind.UNKNOWN:
            raise unknown(head)
        if shape.kind is Kind.LINES:
            yield from _ended(chain([head], text))
            return
        splitter = self._splitter(shape)
        for piece in chain([head[shape.start :]], text):
            if isinstance(splitter, Separated):
                yield from splitter.fed(piece)
            else:
                yield splitter.feed(piece)
                if splitter.done:
                    self.records = splitter.count
                    yield from self._trailing(chain([splitter.rest], text))
                    return
        yield splitter.feed(b"", last=True)
        self.records = splitter.count

    def _find(self, head: bytes, *, ended: bool) -> Shape | None:
        return find(head, ended, self.name, self.dataset, self.limits.max_line_bytes)

    def _splitter(self, shape: Shape) -> Elements | Wrapped | Separated:
        longest = self.limits.max_line_bytes
        if shape.header is not None:
            return Separated(shape.header, longest)
        if shape.wrapper is not None:
            return Wrapped(shape.wrapper, longest)
        return Elements(longest, is_array=shape.kind is Kind.ARRAY)

    def _trailing(self, text: Iterator[bytes]) -> Iterator[bytes]:
        """What stands behind the end of an array or an object is one broken record, cut short.

        Raises FileFault for objects, as nobody would miss them otherwise.
        """
        found = begun = b""
        for piece in text:
            if OBJECT.search(begun + piece):
                detail = "more objects follow the array of the records"
                raise FileFault(Code.NOT_AN_OBJECT, detail, (self.records or 0) + 1)
            # An object may begin in one piece and go on in the next.
            begun = b"{" if (begun + piece).rstrip(BLANK).endswith(b"{") else b""
            if len(found) < self.limits.window_bytes:
                found = (found + piece).lstrip(BLANK)
        if found:
            # Whatever it is, it does not belong there: the comma keeps it from being a record.
            yield b"," + blemished(found[: self.limits.window_bytes])


def unknown(head: bytes) -> FileFault:
    """Why a text that begins so is no data of ours."""
    text = head.lstrip(BLANK)
    first = text.split(b"\n", 1)[0]
    is_binary = CONTROLS.search(head[: sniff.HEAD_BYTES])
    if text[:1] == b"\0" and not is_binary:
        return FileFault(Code.NUL_BYTE, "the file begins with NUL bytes")
    if DEEP.match(text):
        return FileFault(Code.TOO_DEEP, f"{MANY} brackets are opened before anything else")
    if text[:1] == b"<":
        return FileFault(Code.NOT_JSON, "it looks like XML or HTML")
    if is_binary or b"\0" in head:
        return FileFault(Code.BINARY, "it begins with bytes that no text has")
    if first.count(b"|") >= 2:
        return FileFault(Code.NOT_JSON, "it looks like a table with | between its fields")
    no_json = "no line of it is JSON, and its first line is no header of CSV"
    names = [name.strip(b' "\r') for name in re.split(rb"[,;\t]", first[:HEADER_BYTES])]
    if any(name and names.count(name) > 1 for name in names):
        no_json += ", as it has the same name twice"
    return FileFault(Code.NOT_JSON, no_json)


def _ended(pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield from (piece for piece in pieces if piece)


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE_BYTES):
            yield chunk[start : start + PIECE_BYTES]


def _peek(pieces: Iterable[bytes], count: int) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, at least `count` of them if there are so many, and all pieces again."""
    source, head = iter(pieces), b""
    for piece in source:
        head += piece
        if len(head) >= count:
            break
    return head, chain([head] if head else [], source)
