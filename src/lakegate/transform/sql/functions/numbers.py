"""Functions of numbers, and those that choose among values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds, whole
from lakegate.transform.sql.types import BIGINT, DOUBLE, Type, decimal

FLOATS = "to about 15 digits"


def places_of(constants: Sequence[str | None]) -> int:
    places = whole("round", constants[1]) if len(constants) > 1 else 0
    if not 0 <= places <= 18:
        raise SqlError(f"round to {places} places: 0 to 18 are possible")
    return places


def _round_text(kinds: Kinds, constants: Sequence[str | None]) -> str:
    places, kind = places_of(constants), kinds[0]
    if kind.is_decimal:
        return f"cast({{0}} as {rounded(kind, places)})"
    if kind == DOUBLE:
        digits = f"try_cast(cast({{0}} as varchar) as decimal(38, {places}))"
        return f"coalesce(cast({digits} as double), {{0}})"
    return "{0}"


def rounded(kind: Type, places: int) -> Type:
    scale = min(kind.scale, places)
    return decimal(kind.precision - kind.scale + 1 + scale, scale) if kind.is_decimal else kind


def _whole(kinds: Kinds) -> Type:
    kind = kinds[0]
    if kind.is_decimal and kind.scale:
        return decimal(kind.precision - kind.scale + 1, 0)
    return kind if kind.is_decimal else BIGINT


def _whole_text(name: str) -> Callable[[Kinds, Sequence[str | None]], str]:
    def text(kinds: Kinds, _: Sequence[str | None]) -> str:
        if kinds[0].is_integral:
            return "cast({0} as bigint)"
        return f"cast({name}({{0}}) as {_whole(kinds)})"

    return text


def _sign(kinds: Kinds, _: Sequence[str | None]) -> str:
    sign = "cast(sign({0}) as double)"
    return f"case when isnan({{0}}) then {{0}} else {sign} end" if kinds[0] == DOUBLE else sign


def _float(name: str, duckdb: str, takes: str = "double") -> Function:
    return Function(name, takes, "double", duckdb, remark=FLOATS)


NUMBERS = (
    Function("abs", "number", "first", "abs({0})"),
    Function(
        "round",
        "number, constant?",
        "round",
        _round_text,
        remark="half away from zero, of a double by its shortest digits",
        title="decimal of fewer places, else the argument's",
    ),
    Function("floor", "number", _whole, _whole_text("floor"), title="bigint, decimal of decimals"),
    Function("ceil", "number", _whole, _whole_text("ceil"), title="bigint, decimal of decimals"),
    Function("ceiling", "number", _whole, _whole_text("ceil"), title="bigint, decimal of decimals"),
    Function("sign", "number", "double", _sign),
    _float("sqrt", "case when {0} >= 0 then sqrt({0}) when {0} < 0 then cast('nan' as double) end"),
    *(
        _float(name, f"{name}({{0}})")
        for name in ("sin", "cos", "tan", "atan", "radians", "degrees")
    ),
    *(
        _float(
            name,
            f"case when abs({{0}}) <= 1 then {name}({{0}}) "
            "when {0} is not null then cast('nan' as double) end",
        )
        for name in ("asin", "acos")
    ),
    # Nought is added as Spark does: there is one zero.
    _float("atan2", "atan2({0} + 0.0e0, {1} + 0.0e0)", takes="double, double"),
    _float("exp", "exp({0})"),
    _float("ln", "ln(case when {0} > 0 then {0} end)"),
    _float("log10", "log10(case when {0} > 0 then {0} end)"),
    _float("power", "power({0}, {1})", takes="double, double"),
    _float("pow", "power({0}, {1})", takes="double, double"),
    Function("coalesce", "same, same…", "same", "coalesce({*})", duck="?"),
    Function("nvl", "same, same", "same", "coalesce({*})", duck="?"),
    Function("ifnull", "same, same", "same", "coalesce({*})", duck="?"),
    Function(
        "nvl2",
        "any, same, same",
        "same",
        "case when {0} is not null then {1} else {2} end",
        duck="?",
    ),
    Function("nullif", "any, any", "first", "nullif({0}, {1})", duck="?"),
    Function("if", "boolean, same, same", "same", "case when {0} then {1} else {2} end", duck="?"),
    Function("greatest", "same, same, same…", "same", "greatest({*})", duck="?"),
    Function("least", "same, same, same…", "same", "least({*})", duck="?"),
    Function("isnull", "any", "boolean", "{0} is null"),
    Function("isnotnull", "any", "boolean", "{0} is not null"),
    Function("isnan", "double", "boolean", "coalesce(isnan({0}), false)"),
)
