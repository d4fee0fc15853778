"""Functions over many rows. Window functions count among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds
from lakegate.transform.sql.types import BIGINT, DOUBLE, Type, decimal

FLOATS = "to about 12 digits"
LAST_DIGITS = "of doubles to about 15 digits: the order in which rows are added is not fixed"


def _sum(kinds: Kinds) -> Type:
    kind = kinds[0]
    if kind.is_decimal:
        return decimal(kind.precision + 10, kind.scale)
    return BIGINT if kind.is_integral else DOUBLE


def _average(kinds: Kinds) -> Type:
    kind = kinds[0]
    return decimal(kind.precision + 4, kind.scale + 4) if kind.is_decimal else DOUBLE


def _average_text(kinds: Kinds, _: object) -> str:
    kind = kinds[0]
    if not kind.is_decimal:
        return "agg_avg({0})"
    found = _average(kinds)
    number = f"cast(agg_sum({{0}}) * {10**kind.scale} as hugeint)"
    return (
        f"divided({number} * {10 ** (found.scale - kind.scale)}, agg_count({{0}})) * {unit(found)}"
    )


def _percentile(_: Kinds, constants: Sequence[str | None]) -> str:
    try:
        share = float(constants[1] or "")
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise SqlError("percentile: a share from 0 to 1 is needed")
    return "agg_quantile_cont(cast({0} as double), {1})"


def unit(kind: Type) -> str:
    """The smallest number above zero of a decimal."""
    return f"0.{'1'.rjust(kind.scale, '0')}" if kind.scale else "1"


def _aggregate(name: str, takes: str, duckdb: str, gives: str) -> Function:
    return Function(name, takes, gives, duckdb, aggregate=True)


def _window(name: str, takes: str, duckdb: str, gives: str, duck: str = "") -> Function:
    return Function(name, takes, gives, duckdb, duck=duck, aggregate=True, window=True)


def _neighbour(name: str) -> Function:
    window = _window(name, "same, constant?, same?", f"agg_{name}({{*}})", "same")
    return replace(window, title="the type of the first")


AGGREGATES = (
    Function(
        "sum",
        "number",
        _sum,
        "agg_sum({0})",
        duck="sum",
        remark=LAST_DIGITS,
        aggregate=True,
        title="bigint of integers, decimal(p+10,s) of decimals, double",
    ),
    Function(
        "avg",
        "number",
        _average,
        _average_text,
        duck="avg",
        remark=LAST_DIGITS,
        aggregate=True,
        title="decimal(p+4,s+4) of decimals, else double",
    ),
    _aggregate("count_if", "boolean", "agg_count(case when {0} then 1 end)", "bigint"),
    _aggregate("min", "any", "agg_min({0})", "same"),
    _aggregate("max", "any", "agg_max({0})", "same"),
    _aggregate("bool_and", "boolean", "agg_bool_and({0})", "boolean"),
    _aggregate("bool_or", "boolean", "agg_bool_or({0})", "boolean"),
    _aggregate("every", "boolean", "agg_bool_and({0})", "boolean"),
    _aggregate("some", "boolean", "agg_bool_or({0})", "boolean"),
    *(
        Function(name, "double", "double", f"agg_{name}({{0}})", remark=FLOATS, aggregate=True)
        for name in ("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop")
    ),
    Function(
        "median",
        "double",
        "double",
        "agg_median(cast({0} as double))",
        remark=FLOATS,
        aggregate=True,
    ),
    Function(
        "percentile",
        "double, constant",
        "double",
        _percentile,
        remark=FLOATS,
        aggregate=True,
    ),
    _window("row_number", "", "agg_row_number()", "int", duck="bigint"),
    _window("rank", "", "agg_rank()", "int", duck="bigint"),
    _window("dense_rank", "", "agg_dense_rank()", "int", duck="bigint"),
    _window("ntile", "constant", "agg_ntile({0})", "int", duck="bigint"),
    _window("percent_rank", "", "agg_percent_rank()", "double"),
    _window("cume_dist", "", "agg_cume_dist()", "double"),
    _neighbour("lag"),
    _neighbour("lead"),
    _window("first_value", "any", "agg_first_value({0})", "first"),
    _window("last_value", "any", "agg_last_value({0})", "first"),
)
