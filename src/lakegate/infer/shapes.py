"""Lines of JSON out of a file of any shape, for a sample."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

from lakegate.infer.errors import InferError

MOST_BYTES = 256 * 2**20


def lines(path: Path, dataset: str) -> tuple[str, Iterator[bytes]]:
    """The shape of a file and its records, one JSON object a line."""
    data = path.read_bytes()[:MOST_BYTES]
    if data[:2] == b"\x1f\x8b":
        with gzip.open(io.BytesIO(data)) as unpacked:
            data = unpacked.read(MOST_BYTES)
    text = _text(data)
    start = text.lstrip()[:1]
    if start not in ("{", "["):
        return "csv", _csv(text)
    first, _, rest = text.lstrip().partition("\n")
    try:
        value = json.loads(first)
    except ValueError:
        value = None
    if isinstance(value, dict) and (rest.strip() or not _is_wrapper(value)):
        return "lines", (line.encode() for line in text.splitlines())
    return "values", _values(text, dataset)


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    if b"\x00" in data[:64]:
        return data.decode("utf-16-le" if data[1:2] == b"\x00" else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InferError("is no text in UTF-8 or UTF-16") from error


def _is_wrapper(value: dict[str, object]) -> bool:
    return any(
        isinstance(item, list) and item and isinstance(item[0], dict) for item in value.values()
    )


def _values(text: str, dataset: str) -> Iterator[bytes]:
    decoder = json.JSONDecoder()
    place, end = 0, len(text)
    while place < end:
        while place < end and text[place] in " \t\r\n\ufeff":
            place += 1
        if place == end:
            return
        try:
            value, place = decoder.raw_decode(text, place)
        except ValueError as error:
            raise InferError(f"is no JSON: {error}") from error
        items = value if isinstance(value, list) else [value]
        if isinstance(value, dict) and any(isinstance(item, list) for item in value.values()):
            arrays = {key: item for key, item in value.items() if isinstance(item, list)}
            chosen = arrays.get(dataset) or (
                next(iter(arrays.values())) if len(arrays) == 1 else None
            )
            if chosen and all(isinstance(item, dict) for item in chosen):
                items = chosen
        for item in items:
            yield json.dumps(item, ensure_ascii=False).encode()


def _csv(text: str) -> Iterator[bytes]:
    header = text.lstrip().splitlines()[0] if text.strip() else ""
    separator = max(",;\t", key=header.count)
    if not header.count(separator) or "\x00" in header:
        raise InferError("is neither JSON nor CSV with a header")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names = [name.strip() for name in next(rows)]
    if len(set(names)) < len(names) or not all(names):
        raise InferError("has a CSV header that names a column twice or not at all")
    for row in rows:
        if len(row) == len(names):
            values = {name: value or None for name, value in zip(names, row, strict=True)}
            yield json.dumps(values, ensure_ascii=False).encode()
