"""Spark's types, and what its arithmetic makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lakegate.transform.sql.errors import SqlError

NAMES = ("string", "bigint", "int", "boolean", "double", "timestamp", "date", "json")
DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
DIGITS = {"int": 10, "bigint": 20}
MAX_PRECISION = 38
LEAST_SCALE = 6  # what a result that has too many digits keeps behind the point


@dataclass(frozen=True)
class Type:
    """A type by Spark's name; precision and scale are those of a decimal."""

    name: str
    precision: int = 0
    scale: int = 0

    def __str__(self) -> str:
        return f"decimal({self.precision},{self.scale})" if self.is_decimal else self.name

    @property
    def is_decimal(self) -> bool:
        """Whether precision and scale mean anything."""
        return self.name == "decimal"

    @property
    def is_integral(self) -> bool:
        """Whether it is an integer of a fixed width."""
        return self.name in DIGITS

    @property
    def is_numeric(self) -> bool:
        """Whether it can be counted with."""
        return self.is_decimal or self.is_integral or self.name == "double"


STRING, BOOLEAN, DATE, TIMESTAMP = map(Type, ("string", "boolean", "date", "timestamp"))
INT, BIGINT, DOUBLE, VOID = map(Type, ("int", "bigint", "double", "void"))
UNKNOWN = Type("unknown")  # of a column whose fault is told elsewhere


def parse(text: str) -> Type:
    """The type of a contract's or Spark's name; json is text to SQL."""
    match = DECIMAL.fullmatch(text)
    if match:
        return Type("decimal", int(match[1]), int(match[2]))
    if text not in NAMES:
        raise SqlError(f"type {text!r} is not one of {', '.join((*NAMES, 'decimal(p,s)'))}")
    return STRING if text == "json" else Type(text)


def decimal(precision: int, scale: int) -> Type:
    """A decimal whose digits are cut at 38, those in front of the point first."""
    return Type("decimal", min(precision, MAX_PRECISION), min(scale, MAX_PRECISION))


def adjusted(precision: int, scale: int) -> Type:
    """The decimal of a result; too many digits are taken from those behind the point."""
    if precision <= MAX_PRECISION:
        return Type("decimal", precision, scale)
    whole = precision - scale
    return Type("decimal", MAX_PRECISION, max(MAX_PRECISION - whole, min(scale, LEAST_SCALE)))


def as_decimal(kind: Type) -> Type:
    """What an integer counts as among decimals."""
    return kind if kind.is_decimal else Type("decimal", DIGITS[kind.name], 0)


def is_narrower(kind: Type, than: Type) -> bool:
    """Whether a decimal has fewer digits before the point than another number may have."""
    if not kind.is_decimal or not (than.is_decimal or than.is_integral):
        return False
    other = as_decimal(than)
    return kind.precision - kind.scale < other.precision - other.scale


def common(kinds: Iterable[Type]) -> Type | None:
    """The type that values of all these become beside each other; None if there is none."""
    found = VOID
    for kind in kinds:
        if UNKNOWN in (found, kind):
            return UNKNOWN
        wider = _wider(found, kind)
        if wider is None:
            return None
        found = wider
    return found


def _wider(left: Type, right: Type) -> Type | None:
    if right in (left, VOID):
        return left
    if left == VOID:
        return right
    if left.is_numeric and right.is_numeric:
        if DOUBLE in (left, right):
            return DOUBLE
        if left.is_integral and right.is_integral:
            return BIGINT
        one, other = as_decimal(left), as_decimal(right)
        scale = max(one.scale, other.scale)
        whole = max(one.precision - one.scale, other.precision - other.scale)
        return decimal(whole + scale, scale)
    return TIMESTAMP if {left, right} == {DATE, TIMESTAMP} else None


def result(operator: str, left: Type, right: Type) -> Type:
    """The decimal that `+`, `-`, `*`, `/` or `%` makes of two."""
    p1, s1, p2, s2 = left.precision, left.scale, right.precision, right.scale
    scale = max(s1, s2)
    match operator:
        case "+" | "-":
            return adjusted(max(p1 - s1, p2 - s2) + scale + 1, scale)
        case "*":
            return adjusted(p1 + p2 + 1, s1 + s2)
        case "/":
            scale = max(LEAST_SCALE, s1 + p2 + 1)
            return adjusted(p1 - s1 + s2 + scale, scale)
    return adjusted(min(p1 - s1, p2 - s2) + scale, scale)
