"""Checks the required fields of one parsed line against its dataset's contract."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from lakegate.contract.model import TIMESTAMP_PATTERN, Column, Dataset
from lakegate.files.lines.parse import INT64, Number

INT32 = range(-(2**31), 2**31)
TIMESTAMP = re.compile(TIMESTAMP_PATTERN)
EARLIEST, LATEST = "0001-01-02", "9999-12-31"
DECIMAL = re.compile(r"[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?")

Check = Callable[[Any], bool]


class RowCheck:
    """Names what is wrong with a row of one dataset, as the job would."""

    def __init__(self, dataset: Dataset) -> None:
        self._checks = [(column.name, _check(column)) for column in dataset.required]

    def fault(self, row: dict[str, Any]) -> str | None:
        """`missing_<field>` or `bad_<field>` of the first faulty required field, else None."""
        for name, is_good in self._checks:
            value = row.get(name)
            if value is None:
                return f"missing_{name}"
            if not is_good(value):
                return f"bad_{name}"
        return None


def _check(column: Column) -> Check:
    if column.decimal:
        precision, scale = column.decimal
        return lambda value: _is_decimal(value, precision, scale)
    if column.allowed:
        allowed = frozenset(column.allowed)
        return lambda value: type(value) is str and value in allowed
    return _SCALARS[column.type]


def _is_timestamp(value: Any) -> bool:
    if type(value) is not str or not TIMESTAMP.fullmatch(value) or not _is_date(value[:10]):
        return False
    return EARLIEST <= value < LATEST or _is_in_utc(value)


@functools.lru_cache(maxsize=4096)
def _is_date(text: str) -> bool:
    try:
        date(int(text[:4]), int(text[5:7]), int(text[8:10]))
    except ValueError:
        return False
    return True


def _is_in_utc(text: str) -> bool:
    """Whether the instant lies in the years 1 to 9999 of UTC, of which an offset may lead out."""
    try:
        datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        return False
    return True


def _is_decimal(value: Any, precision: int, scale: int) -> bool:
    if type(value) not in (int, str, Number) or not DECIMAL.fullmatch(str(value)):
        return False
    try:
        number = Decimal(value)
    except InvalidOperation:
        return False
    _, digits, exponent = number.as_tuple()
    if not number or not isinstance(exponent, int):
        return not number
    significant = len(digits)
    while digits[significant - 1] == 0:
        significant, exponent = significant - 1, exponent + 1
    return -exponent <= scale and significant + exponent <= precision - scale


_SCALARS: dict[str, Check] = {
    "string": lambda value: type(value) is str,
    "bigint": lambda value: type(value) is int and value in INT64,
    "int": lambda value: type(value) is int and value in INT32,
    "boolean": lambda value: type(value) is bool,
    "double": lambda value: type(value) in (int, Number),
    "timestamp": _is_timestamp,
}
