"""Arithmetic as Spark does it: types, digits, null by zero, dates that move."""

from __future__ import annotations

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import unit
from lakegate.transform.sql.typed import HUGEINT, Typed, cast, template
from lakegate.transform.sql.types import (
    BIGINT,
    DATE,
    DOUBLE,
    INT,
    MAX_PRECISION,
    TIMESTAMP,
    VOID,
    Type,
    common,
    result,
)

OPERATORS: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
}
NARROW = 18  # digits up to which DuckDB would count in 64 bits, and fail beyond
UNITS = ("year", "month", "week", "day", "hour", "minute", "second")


def made(operator: str, left: Typed, right: Typed) -> Typed:
    """Two sides and what is between them. Raises SqlError for what is no number."""
    if left.kind == DATE and right.kind == INT and operator in "+-":
        return Typed.of(template(f"{{0}} {operator} {{1}}", [left.settled, right.settled]), DATE)
    if left.kind in (DATE, TIMESTAMP) or right.kind in (DATE, TIMESTAMP):
        raise SqlError(
            "days between: datediff(end, start); seconds: unix_timestamp(end) - unix_timestamp(…)"
        )
    for side in (left, right):
        side.require(side.kind.is_numeric, operator, "a number")
    if VOID in (left.kind, right.kind):
        raise SqlError(f"{operator}: null has no type here; write cast(null as …)")
    divisor = right.node
    if operator in "/%" and not _is_never_zero(right):
        divisor = template("nullif({0}, 0)", [divisor])
    decimals = left.kind.is_decimal or right.kind.is_decimal
    if DOUBLE in (left.kind, right.kind) or not decimals:
        if operator == "/":
            kind: Type | None = DOUBLE
        else:
            kind = common((left.kind, right.kind))
        assert kind is not None
        sides = [
            left.to(DOUBLE) if kind == DOUBLE and left.kind.is_decimal else left.settled,
            divisor,
        ]
        return Typed.of(template(f"{{0}} {operator} {{1}}", sides), kind)
    one, other = left.as_decimal, right.as_decimal
    kind = result(operator, one, other)
    if operator == "/":
        return _divided(left, right, one, other, kind)
    _require_digits(operator, one, other)
    sides = [_rounded(left, operator), _rounded(right, operator)]
    if operator == "%":
        sides[1] = template("nullif({0}, 0)", sides[1:])
    elif kind.precision > NARROW or not left.kind.is_decimal:
        sides[0] = cast(sides[0], Type("decimal", max(kind.precision, one.precision), one.scale))
    return Typed(template(f"{{0}} {operator} {{1}}", sides), kind, Type("?"))


def _require_digits(operator: str, one: Type, other: Type) -> None:
    """Raises SqlError for decimals that DuckDB has no type for what is between them."""
    if operator == "*" and one.scale + other.scale > MAX_PRECISION:
        raise SqlError("*: more than 38 digits behind the point; cast one side to fewer")
    whole = max(one.precision - one.scale, other.precision - other.scale)
    if operator == "%" and whole + max(one.scale, other.scale) > MAX_PRECISION:
        raise SqlError("%: more than 38 digits on both sides together; cast one to fewer")


def _rounded(value: Typed, operator: str) -> exp.Expr:
    """A side without digits that Spark has not kept; `%` of too wide types would be a double."""
    is_wide = operator == "%" or value.kind.precision == MAX_PRECISION
    return value.settled if is_wide else value.node


def _is_never_zero(value: Typed) -> bool:
    if value.literal is not None:
        return bool(value.literal.strip("-0."))
    node = value.node
    return isinstance(node, exp.Nullif) and node.expression.sql() == "0"


def _divided(left: Typed, right: Typed, one: Type, other: Type, kind: Type) -> Typed:
    """An exact quotient: whole numbers of the smallest units, divided half up."""
    shift = kind.scale + other.scale - one.scale
    number, parts = _unscaled(left, one), _unscaled(right, other)
    made = template(f"divided({{0}} * {10**shift}, {{1}}) * {unit(kind)}", [number, parts])
    return Typed(made, kind, Type("?"))


def _unscaled(value: Typed, kind: Type) -> exp.Expr:
    """How many of its smallest units a decimal is."""
    if not kind.scale:
        return cast(value.node, HUGEINT)
    wide = cast(value.settled, Type("decimal", 38, kind.scale))
    return template(f"cast({{0}} * {10**kind.scale} as hugeint)", [wide])


def whole(left: Typed, right: Typed) -> Typed:
    """`div`: a quotient of integers, cut towards zero."""
    for side in (left, right):
        side.require(side.kind.is_integral, "div", "an integer")
    made = template("{0} // nullif({1}, 0)", [left.settled, right.settled])
    return Typed(made, BIGINT, common((left.kind, right.kind)) or BIGINT)


def moved(left: Typed, operator: str, interval: exp.Expr) -> Typed:
    """A date or an instant, so much later or earlier."""
    amount = interval.this
    name = (interval.text("unit") or "").lower().rstrip("s")
    if operator not in "+-" or name not in UNITS or not isinstance(amount, exp.Literal):
        raise SqlError(f"interval: write + or - interval 1 day (or {', '.join(UNITS)})")
    left.require(left.kind in (DATE, TIMESTAMP), operator, "a date or timestamp")
    made = template(f"{{0}} {operator} interval {int(amount.this)} {name}", [left.node])
    is_date = left.kind == DATE and name in ("year", "month", "week", "day")
    return Typed(
        made, DATE if is_date else TIMESTAMP, left.kind if left.kind == TIMESTAMP else Type("?")
    )
