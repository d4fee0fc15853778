"""Makes UTF-8 of UTF-16, and takes byte order marks away."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code
from lakegate.files.sniff import Encoding


def decoded(chunks: Iterable[bytes], encoding: Encoding) -> Iterator[bytes]:
    """The text in UTF-8, without its mark.

    Bytes of a UTF-8 text stay as they are, wrong ones too; half a surrogate pair in UTF-16 becomes
    bytes that are no UTF-8. Either is a fault of its line alone. Raises FileFault where a file
    ends within a character of UTF-16.
    """
    skip = encoding.mark_bytes
    decoder = None
    if encoding.codec != "utf-8":
        decoder = codecs.getincrementaldecoder(encoding.codec)("surrogatepass")
    for chunk in chunks:
        data, skip = chunk[skip:], max(0, skip - len(chunk))
        if decoder is not None:
            data = decoder.decode(data).encode("utf-8", "surrogatepass")
        if data:
            yield data
    if decoder is not None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise FileFault(Code.TRUNCATED, "the file ends within a character") from error
