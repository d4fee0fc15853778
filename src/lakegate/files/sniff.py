"""Tells from a file's first bytes how it is compressed and encoded, or that it is no text."""

from __future__ import annotations

from dataclasses import dataclass

from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected

GZIP = b"\x1f\x8b"
TAR_MAGIC_OFFSET = 257
MAGIC = (
    (b"\x1f\x9d", Code.COMPRESSED, "compress"),
    (b"BZh", Code.COMPRESSED, "bzip2"),
    (b"\xfd7zXZ\x00", Code.COMPRESSED, "xz"),
    (b"\x28\xb5\x2f\xfd", Code.COMPRESSED, "zstd"),
    (b"\x04\x22\x4d\x18", Code.COMPRESSED, "lz4"),
    (b"\xff\x06\x00\x00sNaPpY", Code.COMPRESSED, "snappy"),
    (b"\x5d\x00\x00", Code.COMPRESSED, "lzma"),
    (b"\x78\x01", Code.COMPRESSED, "zlib"),
    (b"\x78\x5e", Code.COMPRESSED, "zlib"),
    (b"\x78\x9c", Code.COMPRESSED, "zlib"),
    (b"\x78\xda", Code.COMPRESSED, "zlib"),
    (b"PK\x03\x04", Code.ARCHIVE, "zip"),
    (b"PK\x05\x06", Code.ARCHIVE, "zip"),
    (b"7z\xbc\xaf\x27\x1c", Code.ARCHIVE, "7-Zip"),
    (b"Rar!\x1a\x07", Code.ARCHIVE, "RAR"),
    (b"PAR1", Code.BINARY, "Parquet"),
    (b"ORC", Code.BINARY, "ORC"),
    (b"Obj\x01", Code.BINARY, "Avro"),
    (b"ARROW1", Code.BINARY, "Arrow"),
    (b"SQLite format 3\x00", Code.BINARY, "SQLite"),
    (b"\xd0\xcf\x11\xe0", Code.BINARY, "Microsoft Office"),
    (b"%PDF-", Code.BINARY, "PDF"),
    (b"\xff\xfe\x00\x00", Code.UTF32, "little-endian byte order mark"),
    (b"\x00\x00\xfe\xff", Code.UTF32, "big-endian byte order mark"),
)
# A header of CSV may begin with the same letters as these.
LETTERS = frozenset({b"BZh", b"\x78\x5e", b"PAR1", b"ORC", b"ARROW1"})
TEXT_BYTES = 32
# Of the bytes of a text in UTF-16, one in so many at least is the zero of an ASCII character.
ASCII_IN = 8
FEW_IN = 4  # where there are few bytes to count
# As many as it takes to tell.
HEAD_BYTES = 512


@dataclass(frozen=True)
class Encoding:
    """How a text is encoded: the codec's name, and how many bytes its mark takes."""

    codec: str
    mark_bytes: int = 0


UTF8 = Encoding("utf-8")
MARKS = (
    (b"\xef\xbb\xbf", Encoding("utf-8", 3)),
    (b"\xff\xfe", Encoding("utf-16-le", 2)),
    (b"\xfe\xff", Encoding("utf-16-be", 2)),
)
# Which of the first four bytes are zero when ASCII characters stand there (RFC 4627, section 3).
ZEROES: dict[tuple[bool, ...], Encoding | Rejected] = {
    (True, True, True, False): Rejected(Code.UTF32, "big-endian, without byte order mark", 0),
    (False, True, True, True): Rejected(Code.UTF32, "little-endian, without byte order mark", 0),
    (True, False, True, False): Encoding("utf-16-be"),
    (False, True, False, True): Encoding("utf-16-le"),
}


def is_gzip(head: bytes) -> bool:
    """Whether a file that begins so is compressed with gzip."""
    return head.startswith(GZIP)


def encoding(head: bytes) -> Encoding | Rejected:
    """How the text that begins so is encoded, or why it is no text of ours."""
    for magic, code, name in MAGIC:
        if head.startswith(magic) and not (magic in LETTERS and _is_text(head)):
            return Rejected(code, name, offset=0)
    if head[TAR_MAGIC_OFFSET : TAR_MAGIC_OFFSET + 5] == b"ustar":
        return Rejected(Code.ARCHIVE, "tar", offset=0)
    for mark, found in MARKS:
        if head.startswith(mark):
            return found
    zeroes = tuple(byte == 0 for byte in head[:8])
    told = ZEROES.get(zeroes[:4])
    if isinstance(told, Rejected) and zeroes[4:] != zeroes[: len(zeroes) - 4]:
        told = None  # a length of four bytes, with which a binary format begins
    return told or _by_zeroes(head[:HEAD_BYTES])


def _by_zeroes(head: bytes) -> Encoding:
    """The encoding of a text that may begin with any letter: where most ASCII has its zeroes."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    least = len(head) // (ASCII_IN if len(head) == HEAD_BYTES else FEW_IN)
    if max(even, odd) < max(2, least, min(even, odd) * ASCII_IN):
        return UTF8
    return Encoding("utf-16-le" if odd > even else "utf-16-be")


def _is_text(head: bytes) -> bool:
    return all(byte >= ord(" ") or byte in b"\t\r\n" for byte in head[:TEXT_BYTES])
