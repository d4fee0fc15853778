"""Opens a file of any shape as the pipeline would, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lakegate.contract import Dataset
from lakegate.contract.model import Column, Limits
from lakegate.files.convert.chain import Conversion
from lakegate.files.convert.shapes import Kind
from lakegate.files.convert.tokens import BLANK
from lakegate.files.convert.wrappers import NamedLaterError
from lakegate.files.errors import FileFault
from lakegate.files.reasons import Code

CHUNK = 2**20
ONE_NAME = re.compile(rb'"?([^\x00-\x1f",;{}\[\]<>|]{1,64})"?[ ]*[\r\n]')
MOST_BYTES = 2**25  # of lines of which a sample is made; parsed, they take thirty times as much


@dataclass(frozen=True)
class Opened:
    """Lines of a file, `whole` if no more are in it; `casts` are those of this file alone.

    `is_wrapped`: the lines are from an array in an object.
    """

    lines: list[bytes]
    whole: bool
    casts: str
    is_wrapped: bool


def opened(
    path: Path, name: str, dataset: Dataset, limits: Limits, most: int | None = None
) -> Opened:
    """The first lines of a file of a dataset. Raises FileFault for one that is no data."""
    conversion = Conversion(partial(_chunks, path), name, dataset, limits)
    if ".csv" in path.name.lower() and not dataset.columns:
        conversion = replace(conversion, dataset=Dataset(tuple(_only_column(conversion))))
    while True:
        try:
            lines, whole = _first(_lines(conversion), most)
        except NamedLaterError:
            conversion = conversion.anew()
            continue
        content = conversion.content
        return Opened(lines, whole, content.casts, content.shape.kind is Kind.WRAPPED)


def _only_column(conversion: Conversion) -> Iterator[Column]:
    """The column of a CSV that has one: nothing but its header would tell such a file from text."""
    text = next(iter(conversion.text()), b"").lstrip(BLANK)
    if header := ONE_NAME.match(text):
        yield Column(header[1].decode(errors="replace"), "string")


def _first(lines: Iterator[bytes], most: int | None) -> tuple[list[bytes], bool]:
    """So many lines, or MOST_BYTES of them, and whether no more are there; None: all."""
    taken: list[bytes] = []
    size = 0
    for line in lines:
        if most is not None and (len(taken) == most or size >= MOST_BYTES):
            return taken, False
        taken.append(line)
        size += len(line)
    return taken, True


def _lines(conversion: Conversion) -> Iterator[bytes]:
    rest = b""
    for piece in conversion.lines():
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > conversion.limits.max_line_bytes:
            raise FileFault(Code.LINE_TOO_LONG, f"over {conversion.limits.max_line_bytes} bytes")
    if rest:
        yield rest


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
