"""Lines to typed columns by the contract, as the job's reader does it, for small batches."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any

import pyarrow as pa

from lakegate.contract import Column, Dataset
from lakegate.contract.model import TIMESTAMP_PATTERN

BLANK = b" \t\r"
NUMBER = re.compile(r"[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?")
INTEGER = re.compile("-?[0-9]+")
TIMESTAMP = re.compile(TIMESTAMP_PATTERN)
FRACTION = re.compile(r"[.]([0-9]+)")
ARROW = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "int": pa.int32(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us", "UTC"),
    "double": pa.float64(),
}


class Token(str):
    """A JSON number as it was written."""

    __slots__ = ()


def typed(lines: Iterable[bytes], dataset: Dataset) -> pa.Table:
    """The relation that the job's SQL starts from: one row per line that is not blank."""
    rows = [_row(line, dataset) for line in lines if line.strip(BLANK)]
    fields = [
        ("line_hash", pa.int64()),
        ("proven", pa.bool_()),
        ("malformed", pa.bool_()),
        ("wrong", pa.list_(pa.string())),
        *((column.name, _arrow(column)) for column in dataset.columns),
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _row(line: bytes, dataset: Dataset) -> dict[str, Any]:
    digest = hashlib.blake2b(line, digest_size=8).digest()
    number = int.from_bytes(digest, signed=True)
    row: dict[str, Any] = {"line_hash": number, "proven": False, "malformed": False}
    wrong = []
    try:
        found = _object(line)
    except (ValueError, RecursionError):
        return row | {"malformed": True}
    for column in dataset.columns:
        given = found.get(column.name)
        row[column.name] = None if given is None else value(column, given)
        if given is not None and row[column.name] is None:
            wrong.append(column.name)
    return row | {"wrong": wrong or None}


def _object(line: bytes) -> dict[str, Any]:
    found = json.loads(
        line.decode(),
        parse_int=Token,
        parse_float=Token,
        parse_constant=_refuse,
        object_pairs_hook=_unique,
    )
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 - one kind of error for a bad line
    json.dumps(found, ensure_ascii=False).encode()  # refuses half surrogates
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def value(column: Column, given: Any) -> Any:
    """The value of a parsed token; None if it has not the column's type or is not allowed."""
    if column.decimal:
        return _decimal(given, *column.decimal)
    found = _READERS[column.type](given)
    return None if column.allowed and found not in column.allowed else found


def _decimal(given: Any, precision: int, scale: int) -> Decimal | None:
    if not isinstance(given, str) or not NUMBER.fullmatch(given):
        return None
    with localcontext(prec=precision, Emax=10**9, Emin=-(10**9)) as context:
        try:
            number = Decimal(given)
            rounded = number.quantize(Decimal(1).scaleb(-scale), context=context)
        except InvalidOperation:
            return None
    return rounded if rounded == number else None


def _integer(bits: int) -> Callable[[Any], int | None]:
    limit = 2 ** (bits - 1)

    def read(given: Any) -> int | None:
        is_whole = isinstance(given, Token) and INTEGER.fullmatch(given) and len(given) < 30
        return int(given) if is_whole and -limit <= int(given) < limit else None

    return read


def _string(given: Any) -> str | None:
    return given if isinstance(given, str) and not isinstance(given, Token) else None


def _timestamp(given: Any) -> datetime | None:
    if _string(given) is None or not TIMESTAMP.fullmatch(given):
        return None
    text = FRACTION.sub(lambda match: f".{match[1][:6]:0<6}", given)
    try:
        moment = datetime.fromisoformat(text)
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_READERS: dict[str, Callable[[Any], Any]] = {
    "string": _string,
    "bigint": _integer(64),
    "int": _integer(32),
    "boolean": lambda given: given if isinstance(given, bool) else None,
    "timestamp": _timestamp,
    "double": lambda given: float(given) if isinstance(given, Token) else None,
}


def _arrow(column: Column) -> pa.DataType:
    return pa.decimal128(*column.decimal) if column.decimal else ARROW[column.type]
