"""Decompresses gzip as it streams by, however much would come out of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code
from lakegate.files.sniff import MARKS

PIECE_BYTES = 2**18
GZIP = 31
# Each costs some microseconds; what is written in blocks of 64 KiB has 16,384 in a GiB.
MOST_MEMBERS = 2**16
LONGEST_MARK = max(len(mark) for mark, _ in MARKS)


def inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What is in a gzip file, a small piece at a time. Raises FileFault where it is damaged.

    Zeroes between and after the members are padding, as for `gzip` itself. The byte order mark of a
    further member, which was a file of its own, is left out where a line or a record begins.
    """
    member, members, held, before = None, 0, b"", b""
    has_begun = False
    for chunk in chunks:
        data = chunk
        while data:
            if member is None:
                data = data.lstrip(b"\0") if members else data
                if not data:
                    break
                member, members, has_begun = zlib.decompressobj(GZIP), members + 1, False
                if members > MOST_MEMBERS:
                    raise FileFault(Code.TOO_MANY_MEMBERS, f"over {MOST_MEMBERS} members")
            try:
                piece = held + member.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise FileFault(Code.DAMAGED, f"member {members}: {error}") from error
            is_short = not has_begun and len(piece) < LONGEST_MARK and not member.eof
            held = piece if is_short else b""
            if piece and not held:
                kept = piece if has_begun else _unmarked(piece, before)
                has_begun, before = True, (before + piece[-2:])[-2:]
                yield kept
            if member.eof:
                data, member = member.unused_data, None
            else:
                data = member.unconsumed_tail
    if member is not None:
        raise FileFault(Code.TRUNCATED, f"member {members} of the gzip file breaks off")


def _unmarked(piece: bytes, before: bytes) -> bytes:
    mark = next((mark for mark, _ in MARKS if piece.startswith(mark)), b"")
    ended = before.strip(b"\0")[-1:]
    return piece[len(mark) :] if ended and ended in b"\r\n}]" else piece
