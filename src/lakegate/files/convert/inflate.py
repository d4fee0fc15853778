"""Decompresses gzip as it streams by, however much would come out of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code

PIECE_BYTES = 2**18
GZIP = 31
# Each costs some microseconds; what is written in blocks of 64 KiB has 16,384 in a GiB.
MOST_MEMBERS = 2**16


def inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What is in a gzip file, a small piece at a time. Raises FileFault where it is damaged.

    Zeroes between and after the members are padding, as for `gzip` itself.
    """
    member, members = None, 0
    for chunk in chunks:
        data = chunk
        while data:
            if member is None:
                data = data.lstrip(b"\0") if members else data
                if not data:
                    break
                member, members = zlib.decompressobj(GZIP), members + 1
                if members > MOST_MEMBERS:
                    raise FileFault(Code.TOO_MANY_MEMBERS, f"over {MOST_MEMBERS} members")
            try:
                piece = member.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise FileFault(Code.DAMAGED, f"member {members}: {error}") from error
            if piece:
                yield piece
            if member.eof:
                data, member = member.unused_data, None
            else:
                data = member.unconsumed_tail
    if member is not None:
        raise FileFault(Code.TRUNCATED, f"member {members} of the gzip file breaks off")
