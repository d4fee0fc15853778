"""Tells from a file's first bytes what it is, when it is no JSON Lines."""

from __future__ import annotations

from lakegate.files.lines.parse import BLANK
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected

TAR_MAGIC_OFFSET = 257
MAGIC = (
    (b"\x1f\x8b", Code.COMPRESSED, "gzip"),
    (b"\x1f\x9d", Code.COMPRESSED, "compress"),
    (b"BZh", Code.COMPRESSED, "bzip2"),
    (b"\xfd7zXZ\x00", Code.COMPRESSED, "xz"),
    (b"\x28\xb5\x2f\xfd", Code.COMPRESSED, "zstd"),
    (b"\x04\x22\x4d\x18", Code.COMPRESSED, "lz4"),
    (b"\xff\x06\x00\x00sNaPpY", Code.COMPRESSED, "snappy"),
    (b"\x78\x01", Code.COMPRESSED, "zlib"),
    (b"\x78\x9c", Code.COMPRESSED, "zlib"),
    (b"\x78\xda", Code.COMPRESSED, "zlib"),
    (b"PK\x03\x04", Code.ARCHIVE, "zip"),
    (b"PK\x05\x06", Code.ARCHIVE, "zip"),
    (b"7z\xbc\xaf\x27\x1c", Code.ARCHIVE, "7-Zip"),
    (b"Rar!\x1a\x07", Code.ARCHIVE, "RAR"),
    (b"PAR1", Code.BINARY, "Parquet"),
    (b"ORC", Code.BINARY, "ORC"),
    (b"Obj\x01", Code.BINARY, "Avro"),
    (b"SQLite format 3\x00", Code.BINARY, "SQLite"),
    (b"\xd0\xcf\x11\xe0", Code.BINARY, "Microsoft Office"),
    (b"%PDF-", Code.BINARY, "PDF"),
    (b"\xef\xbb\xbf", Code.BYTE_ORDER_MARK, "UTF-8 byte order mark"),
    (b"\xff\xfe\x00\x00", Code.UTF32, "little-endian byte order mark"),
    (b"\x00\x00\xfe\xff", Code.UTF32, "big-endian byte order mark"),
    (b"\xff\xfe", Code.UTF16, "little-endian byte order mark"),
    (b"\xfe\xff", Code.UTF16, "big-endian byte order mark"),
)
# Which of the first four bytes are zero when ASCII characters stand there (RFC 4627, section 3).
ZEROES: dict[tuple[bool, ...], tuple[Code, str]] = {
    (True, True, True, False): (Code.UTF32, "big-endian"),
    (False, True, True, True): (Code.UTF32, "little-endian"),
    (True, False, True, False): (Code.UTF16, "big-endian"),
    (False, True, False, True): (Code.UTF16, "little-endian"),
}


def sniff(head: bytes) -> Rejected | None:
    """The verdict on bytes that cannot begin a JSON Lines file, None for bytes that may."""
    for magic, code, name in MAGIC:
        if head.startswith(magic):
            return Rejected(code, name, offset=0)
    if head[TAR_MAGIC_OFFSET : TAR_MAGIC_OFFSET + 5] == b"ustar":
        return Rejected(Code.ARCHIVE, "tar", offset=0)
    if zeroes := ZEROES.get(tuple(byte == 0 for byte in head[:4])):
        code, name = zeroes
        return Rejected(code, f"{name}, without byte order mark", offset=0)
    return _first_value(head)


def _first_value(head: bytes) -> Rejected | None:
    text = head.lstrip(BLANK)
    if not text or text[:1] == b"{":
        return None
    offset = len(head) - len(text)
    line = head.count(b"\n", 0, offset) + 1
    if text[:1] == b"[":
        return Rejected(Code.JSON_ARRAY, "the file begins with [", offset, line)
    if text[0] == 0:
        return Rejected(Code.NUL_BYTE, "the file begins with a NUL byte", offset, line)
    return Rejected(Code.NOT_JSON, _guess(text), offset, line)


def _guess(text: bytes) -> str:
    first = text.split(b"\n", 1)[0]
    if text[:1] == b"<":
        return "it looks like XML or HTML"
    if any(first.count(separator) >= 2 for separator in (b",", b";", b"\t", b"|")):
        return "it looks like CSV"
    return "the file does not begin with {"
