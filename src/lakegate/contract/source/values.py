"""Whether a value that stands in a contract (a default, an allowed one) has its column's type."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from lakegate.contract.model import DECIMAL_TYPE, SCALAR_TYPES, TIMESTAMP_PATTERN
from lakegate.contract.source.structure import one_of, shown

INTEGERS = {"int": 2**31, "bigint": 2**63}
_MEANT = {
    "boolean": ("bit", "bool"),
    "bigint": ("int64", "long"),
    "decimal(18,2)": ("money", "number", "numeric"),
    "double": ("float", "float32", "float64", "real"),
    "int": ("int32", "integer", "short", "smallint", "tinyint"),
    "json": ("array", "dict", "jsonb", "list", "map", "object", "struct", "variant"),
    "string": ("char", "str", "text", "uuid", "varchar"),
    "timestamp": ("datetime", "timestamp_ntz", "timestamptz"),
}
_OF_TWO_NUMBERS = re.compile(r"[a-z]+ *\( *([0-9]+) *(?:, *([0-9]+) *)?\) *")


def wrong_type(name: str) -> str | None:
    """What is wrong with the name of a type, or None."""
    if name in SCALAR_TYPES:
        return None
    if match := DECIMAL_TYPE.fullmatch(name):
        if int(match[2]) <= int(match[1]):
            return None
        return f"{name!r} has more digits behind the point than it has digits"
    meant = _meant(name.lower())
    if name.startswith("decimal"):
        said = "1 to 38 digits p, s of them behind the point"
        said = f"{shown(name)} is not decimal(p,s): {said}"
        return f"{said}; did you mean {meant}?" if meant else said
    said = one_of(name, (*SCALAR_TYPES, "decimal(p,s)"))
    if meant:
        said = f"{said.partition(';')[0]}; did you mean {meant}?"
    return f"{shown(name)} is not one of {said}"


def _meant(name: str) -> str:
    """The type that is called so elsewhere, or nothing."""
    plain = re.split("[ (<]", name)[0]
    if plain in ("decimal", "number", "numeric") and (of := _OF_TWO_NUMBERS.fullmatch(name)):
        match = DECIMAL_TYPE.fullmatch(f"decimal({of[1]},{of[2] or 0})")
        return match[0] if match and int(match[2]) <= int(match[1]) else ""
    return next((kind for kind, names in _MEANT.items() if plain in (kind, *names)), "")


def expected(kind: str, value: object) -> str | None:
    """What a value of that type is, where this is none; None where it is one."""
    if kind in INTEGERS:
        bound = INTEGERS[kind]
        good = type(value) is int and -bound <= value < bound
        return None if good else f"a whole number that fits in {kind}"
    if match := DECIMAL_TYPE.fullmatch(kind):
        good = _fits(value, int(match[1]), int(match[2]))
        return None if good else f"a number that fits in {kind} exactly"
    if kind == "double":
        return None if type(value) in (int, float) else "a number"
    if kind == "boolean":
        return None if isinstance(value, bool) else "true or false"
    return _text(kind, value)


def _text(kind: str, value: object) -> str | None:
    if not isinstance(value, str):
        return "text; put it in quotes"
    if kind == "timestamp":
        good = bool(re.fullmatch(TIMESTAMP_PATTERN, value)) and _is_day(value[:10])
        return None if good else "text like 2026-01-31T00:00:00Z"
    if kind == "date":
        return None if _is_day(value) else "text like 2026-01-31"
    if kind == "json":
        try:
            json.loads(value)
        except ValueError:
            return "JSON, as text in quotes"
    return None


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch("[0-9-]{10}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _fits(value: object, precision: int, scale: int) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return False
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return not number and number.is_finite()
    return round(number, scale) == number and abs(number) < Decimal(10) ** (precision - scale)
