"""Lines as DuckDB's CSV reader can take them: it must end them where we do, and it refuses others.

Text that is UTF-8 without any of four control characters is read as it is: one column, `\\x01` as
the separator that never comes. Of other files a copy is read, in which a carriage return is `\\x03`
and a line that could not pass is `\\x02` and its bytes in base64. Nothing good has a control
character, so both forms are told apart from what people write.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

SEPARATOR = "\x01"
CODED = "\x02"
RETURN = "\x03"
NEVER_PLAIN = (b"\x00", b"\x01", b"\x02", b"\x03")
MARK = b"\xef\xbb\xbf"  # the reader would skip it
CHUNK = 4 * 1024 * 1024


@dataclass(frozen=True)
class Text:
    """A file for the reader: how many lines it has, and whether carriage returns are replaced."""

    path: Path
    lines: int
    has_returns: bool = False


def prepared(path: Path, longest: int) -> Text:
    """The file, or if need be a copy that takes its place, as the reader can take it.

    Of a line of more than `longest` bytes no more than one byte beyond is kept.
    """
    copy = path.with_name(f"{path.name}.plain")
    lines, done, has_returns = 0, 0, False
    with path.open("rb") as file:
        output: BinaryIO | None = None
        try:
            for chunk in _chunks(file, longest):
                lines += chunk.count(b"\n") + (not chunk.endswith(b"\n"))
                if output is None and _is_plain(chunk, longest, is_first=not done):
                    done += len(chunk)
                    continue
                if output is None:
                    output = copy.open("wb")
                    _copy_begin(path, output, done)
                has_returns |= b"\r" in chunk
                output.write(_replaced(chunk, longest))
        finally:
            if output is not None:
                output.close()
    if output is None:
        return Text(path, lines)
    path.unlink()
    return Text(copy, lines, has_returns)


def original(text: str) -> bytes:
    """The bytes of a line that was read."""
    if text.startswith(CODED):
        return b64decode(text[1:])
    return text.replace(RETURN, "\r").encode()


def _chunks(file: BinaryIO, longest: int) -> Iterator[bytes]:
    """Whole lines, some at a time; a line that is longer than a chunk is cut."""
    rest = b""
    while block := file.read(CHUNK):
        block = rest + block
        end = block.rfind(b"\n") + 1
        if end:
            yield block[:end]
        rest = block[end:]
        if len(rest) > longest + CHUNK:
            rest = rest[: longest + 1]  # it stays too long, whatever follows
    if rest:
        yield rest


def _is_plain(chunk: bytes, longest: int, *, is_first: bool) -> bool:
    if b"\r" in chunk or (is_first and chunk.startswith(MARK)):
        return False
    return _passes(chunk) and not _has_longer(chunk, longest)


def _passes(text: bytes) -> bool:
    if any(character in text for character in NEVER_PLAIN):
        return False
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_longer(chunk: bytes, longest: int) -> bool:
    """Whether a line of the chunk has more than `longest` bytes; looks at few of its bytes."""
    start = 0
    while len(chunk) - start > longest:
        end = chunk.rfind(b"\n", start, start + longest + 1)
        if end < 0:
            return True
        start = end + 1
    return False


def _replaced(chunk: bytes, longest: int) -> bytes:
    if _passes(chunk) and not chunk.startswith(MARK) and not _has_longer(chunk, longest):
        return chunk.replace(b"\r", RETURN.encode())
    return b"\n".join(_line(line, longest) for line in chunk.split(b"\n"))


def _line(line: bytes, longest: int) -> bytes:
    if len(line) <= longest and _passes(line) and not line.startswith(MARK):
        return line.replace(b"\r", RETURN.encode())
    return CODED.encode() + b64encode(line[: longest + 1])


def _copy_begin(path: Path, output: BinaryIO, size: int) -> None:
    with path.open("rb") as file:
        while size:
            block = file.read(min(size, CHUNK))
            output.write(block)
            size -= len(block)
