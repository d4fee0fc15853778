"""JSON values as byte matrices: one line of the matrix per row, NUL where a value is shorter.

NUL never stands in JSON text, so rows of one width are written side by side and the NULs dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from scripts.generator.draws import I64, U8, U64, Bools

MS_PER_DAY = 86_400_000
_WORD = 4  # digits written at once


@dataclass(frozen=True)
class Cell:
    """The JSON text of one column; rows that are not `present` leave the field out."""

    text: U8
    present: Bools | None = None


def table(texts: Sequence[bytes]) -> U8:
    """A matrix with one text per line."""
    width = max(map(len, texts))
    return np.frombuffer(b"".join(text.ljust(width, b"\0") for text in texts), np.uint8).reshape(
        len(texts), width
    )


def pick(texts: U8, index: I64) -> U8:
    """Lines of a matrix by their numbers; many times faster than `texts[index]`."""
    return texts.take(index, axis=0)


def beside(*parts: U8 | bytes) -> U8:
    """Matrices and constant texts written side by side."""
    rows = next(len(part) for part in parts if isinstance(part, np.ndarray))
    return np.concatenate(
        [
            part
            if isinstance(part, np.ndarray)
            else np.broadcast_to(np.frombuffer(part, np.uint8), (rows, len(part)))
            for part in parts
        ],
        axis=1,
    )


def nullable(text: U8, null: Bools) -> U8:
    """`null` in the rows of the mask; writes into `text`, which must be at least 4 wide."""
    text[null] = 0
    text[null, :4] = np.frombuffer(b"null", np.uint8)
    return text


@cache
def _words() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    full = table([b"%04d" % n for n in range(10**_WORD)])
    lead = table([(b"%d" % n if n else b"").rjust(_WORD, b"\0") for n in range(10**_WORD)])
    last = table([(b"%d" % n).rjust(_WORD, b"\0") for n in range(10**_WORD)])
    a, b, c = (words.view(np.uint32).ravel() for words in (full, lead, last))
    return a, b, c


def digits(values: I64, most: int) -> U8:
    """Decimal digits of integers from 0 to `most`, no leading zeros."""
    full, lead, last = _words()
    count = -(-len(str(most)) // _WORD)
    out = np.empty((len(values), count), np.uint32)
    rest = values
    for column in range(count - 1, -1, -1):
        rest, word = np.divmod(rest, 10**_WORD)
        shortest = last if column == count - 1 else lead
        out[:, column] = np.where(rest > 0, full[word], shortest[word])
    return out.view(np.uint8)


def cents(values: I64, most: int) -> U8:
    """Integers of hundredths as decimal numbers with two places."""
    whole, hundredths = np.divmod(values, 100)
    return beside(digits(whole, most // 100), b".", pick(_two_digits(), hundredths))


@cache
def _two_digits() -> U8:
    return table([b"%02d" % n for n in range(100)])


@cache
def _hex() -> npt.NDArray[np.uint16]:
    return table([b"%02x" % n for n in range(256)]).view(np.uint16).ravel()


def hexadecimal(values: U64) -> U8:
    """Sixteen hexadecimal digits."""
    pairs = _hex()[values.astype(">u8").view(np.uint8).reshape(len(values), 8)]
    return pairs.view(np.uint8).reshape(len(values), 16)


@cache
def _clock() -> tuple[U8, U8]:
    seconds = [b"%02d:%02d:%02d" % (s // 3600, s // 60 % 60, s % 60) for s in range(86_400)]
    return table(seconds), table([b"%03d" % n for n in range(1000)])


@cache
def _dates(first: int, last: int) -> U8:
    days = np.arange(first, last + 1).astype("datetime64[D]")
    return table([str(day).encode() for day in days])


def timestamps(ms: I64, millis: bool = False) -> U8:
    """Quoted ISO 8601 UTC date-times of milliseconds since 1970 (years 2000 to 2050)."""
    first = 10_957
    day, rest = np.divmod(ms, MS_PER_DAY)
    second, fraction = np.divmod(rest, 1000)
    clock, thousandths = _clock()
    date = pick(_dates(first, first + 18_263), day - first)
    time = pick(clock, second)
    if millis:
        return beside(b'"', date, b"T", time, b".", pick(thousandths, fraction), b'Z"')
    return beside(b'"', date, b"T", time, b'Z"')
