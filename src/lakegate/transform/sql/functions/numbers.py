"""Functions of numbers, and those that choose among values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds
from lakegate.transform.sql.types import BIGINT, DOUBLE, Type, decimal

FLOATS = "to about 15 digits"


def places_of(constants: Sequence[str | None]) -> int:
    places = int(constants[1] or 0) if len(constants) > 1 else 0
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
    return decimal(kind.precision - kind.scale + 1, 0) if kind.is_decimal else BIGINT


def _whole_text(name: str) -> Callable[[Kinds, Sequence[str | None]], str]:
    def text(kinds: Kinds, _: Sequence[str | None]) -> str:
        if kinds[0].is_integral:
            return "cast({0} as bigint)"
        return f"cast({name}({{0}}) as {_whole(kinds)})"

    return text


def _float(
    name: str, duckdb: str, *shows: str, takes: str = "double", remark: str = FLOATS
) -> Function:
    return Function(name, takes, "double", duckdb, shows, remark=remark)


NUMBERS = (
    Function("abs", "number", "first", "abs({0})", ("abs(i)", "abs(b)", "abs(m)", "abs(x)")),
    Function(
        "round",
        "number, constant?",
        "round",
        _round_text,
        (
            "round(m)",
            "round(m, 1)",
            "round(n, 2)",
            "round(m, 5)",
            "round(x, 2)",
            "round(x)",
            "round(i)",
        ),
        remark="half away from zero, of a double by its shortest digits",
        title="decimal of fewer places, else the argument's",
    ),
    Function(
        "floor",
        "number",
        _whole,
        _whole_text("floor"),
        ("floor(m)", "floor(x / 1000)", "floor(i)"),
        title="bigint, decimal of decimals",
    ),
    Function(
        "ceil",
        "number",
        _whole,
        _whole_text("ceil"),
        ("ceil(m)", "ceil(x / 1000)", "ceil(b)"),
        title="bigint, decimal of decimals",
    ),
    Function(
        "ceiling",
        "number",
        _whole,
        _whole_text("ceil"),
        ("ceiling(m)",),
        title="bigint, decimal of decimals",
    ),
    Function(
        "sign", "number", "double", "cast(sign({0}) as double)", ("sign(i)", "sign(m)", "sign(x)")
    ),
    _float(
        "sqrt",
        "case when {0} >= 0 then sqrt({0}) when {0} < 0 then cast('nan' as double) end",
        "sqrt(x)",
        "sqrt(m)",
    ),
    *(
        _float(name, f"{name}({{0}})", f"{name}(m / 1000)")
        for name in ("sin", "cos", "tan", "atan", "radians", "degrees")
    ),
    *(
        _float(
            name,
            f"case when abs({{0}}) <= 1 then {name}({{0}}) "
            "when {0} is not null then cast('nan' as double) end",
            f"{name}(x)",
        )
        for name in ("asin", "acos")
    ),
    _float("atan2", "atan2({0}, {1})", "atan2(x, 2)", takes="double, double"),
    _float("exp", "exp({0})", "exp(x / 1000000)"),
    _float("ln", "ln(case when {0} > 0 then {0} end)", "ln(x)", "ln(m)"),
    _float("log10", "log10(case when {0} > 0 then {0} end)", "log10(x)"),
    _float("power", "power({0}, {1})", "power(m / 1000, 2)", takes="double, double"),
    _float("pow", "power({0}, {1})", "pow(m / 1000, 2)", takes="double, double"),
    Function(
        "coalesce",
        "same, same…",
        "same",
        "coalesce({*})",
        (
            "coalesce(i, 0)",
            "coalesce(i, b, 7)",
            "coalesce(m, 0)",
            "coalesce(m, n)",
            "coalesce(x, m, i)",
            "coalesce(s, 'none')",
            "coalesce(t, a)",
        ),
        duck="?",
    ),
    Function("nvl", "same, same", "same", "coalesce({*})", ("nvl(i, 0)", "nvl(s, '-')"), duck="?"),
    Function("ifnull", "same, same", "same", "coalesce({*})", ("ifnull(m, 0)",), duck="?"),
    Function(
        "nvl2",
        "any, same, same",
        "same",
        "case when {0} is not null then {1} else {2} end",
        ("nvl2(i, m, 0)", "nvl2(s, 'has', 'has not')"),
        duck="?",
    ),
    Function(
        "nullif",
        "any, any",
        "first",
        "nullif({0}, {1})",
        ("nullif(i, 0)", "nullif(m, 0)", "nullif(s, '')", "nullif(b, i)"),
        duck="?",
    ),
    Function(
        "if",
        "boolean, same, same",
        "same",
        "case when {0} then {1} else {2} end",
        ("if(o, i, 0)", "if(i > 1, m, n)", "if(o, 'yes', null)"),
        duck="?",
    ),
    Function(
        "greatest",
        "same, same…",
        "same",
        "greatest({*})",
        ("greatest(i, b, 0)", "greatest(m, n)", "greatest(t, a)", "greatest(s, 'm')"),
        duck="?",
    ),
    Function(
        "least",
        "same, same…",
        "same",
        "least({*})",
        ("least(i, b, 0)", "least(m, n, 1)", "least(s, 'm')"),
        duck="?",
    ),
    Function("isnull", "any", "boolean", "{0} is null", ("isnull(i)", "isnull(s)")),
    Function("isnotnull", "any", "boolean", "{0} is not null", ("isnotnull(m)",)),
    Function("isnan", "double", "boolean", "coalesce(isnan({0}), false)", ("isnan(x)",)),
)
