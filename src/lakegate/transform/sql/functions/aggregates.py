"""Functions over many rows. Window functions count among them."""

from __future__ import annotations

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


def unit(kind: Type) -> str:
    """The smallest number above zero of a decimal."""
    return f"0.{'1'.rjust(kind.scale, '0')}" if kind.scale else "1"


def _aggregate(
    name: str, takes: str, duckdb: str, gives: str, *shows: str, duck: str = ""
) -> Function:
    return Function(name, takes, gives, duckdb, shows, duck=duck, aggregate=True)


def _window(
    name: str, takes: str, duckdb: str, gives: str, *shows: str, duck: str = ""
) -> Function:
    shown = tuple(f"{show} over (partition by o order by k)" for show in shows)
    return Function(name, takes, gives, duckdb, shown, duck=duck, aggregate=True, window=True)


AGGREGATES = (
    Function(
        "sum",
        "number",
        _sum,
        "agg_sum({0})",
        (
            "sum(i)",
            "sum(b)",
            "sum(m)",
            "sum(n)",
            "sum(x)",
            "sum(distinct i)",
            "sum(i) over (partition by o)",
        ),
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
        (
            "avg(i)",
            "avg(b)",
            "avg(m)",
            "avg(n)",
            "avg(x)",
            "avg(m) over (partition by o order by k)",
        ),
        duck="avg",
        remark=LAST_DIGITS,
        aggregate=True,
        title="decimal(p+4,s+4) of decimals, else double",
    ),
    _aggregate(
        "count_if",
        "boolean",
        "agg_count(case when {0} then 1 end)",
        "bigint",
        "count_if(o)",
        "count_if(i > 1)",
    ),
    _aggregate(
        "min",
        "any",
        "agg_min({0})",
        "same",
        "min(i)",
        "min(m)",
        "min(s)",
        "min(t)",
        "min(a)",
        "min(o)",
        "min(x)",
    ),
    _aggregate(
        "max",
        "any",
        "agg_max({0})",
        "same",
        "max(i)",
        "max(m)",
        "max(s)",
        "max(t)",
        "max(a)",
        "max(o)",
        "max(x)",
    ),
    _aggregate(
        "bool_and", "boolean", "agg_bool_and({0})", "boolean", "bool_and(o)", "bool_and(i > -100)"
    ),
    _aggregate(
        "bool_or", "boolean", "agg_bool_or({0})", "boolean", "bool_or(o)", "bool_or(i > 100)"
    ),
    _aggregate("every", "boolean", "agg_bool_and({0})", "boolean", "every(o)"),
    _aggregate("some", "boolean", "agg_bool_or({0})", "boolean", "some(o)"),
    *(
        Function(
            name,
            "double",
            "double",
            f"agg_{name}({{0}})",
            (f"{name}(i)", f"{name}(m)"),
            remark=FLOATS,
            aggregate=True,
        )
        for name in ("stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop")
    ),
    Function(
        "median",
        "double",
        "double",
        "agg_median(cast({0} as double))",
        ("median(i)", "median(m)", "median(x)"),
        remark=FLOATS,
        aggregate=True,
    ),
    Function(
        "percentile",
        "double, constant",
        "double",
        "agg_quantile_cont(cast({0} as double), {1})",
        ("percentile(i, 0.9)", "percentile(m, 0.25)"),
        remark=FLOATS,
        aggregate=True,
    ),
    _window("row_number", "", "agg_row_number()", "int", "row_number()", duck="bigint"),
    _window("rank", "", "agg_rank()", "int", "rank()", duck="bigint"),
    _window("dense_rank", "", "agg_dense_rank()", "int", "dense_rank()", duck="bigint"),
    _window("ntile", "constant", "agg_ntile({0})", "int", "ntile(3)", duck="bigint"),
    _window("percent_rank", "", "agg_percent_rank()", "double", "percent_rank()"),
    _window("cume_dist", "", "agg_cume_dist()", "double", "cume_dist()"),
    _window(
        "lag",
        "same, constant?, same?",
        "agg_lag({*})",
        "same",
        "lag(i)",
        "lag(m, 2)",
        "lag(s)",
        "lag(i, 1, 0)",
    ),
    _window(
        "lead",
        "same, constant?, same?",
        "agg_lead({*})",
        "same",
        "lead(i)",
        "lead(t, 2)",
        "lead(m, 1, 0)",
    ),
    _window(
        "first_value", "any", "agg_first_value({0})", "first", "first_value(i)", "first_value(s)"
    ),
    _window("last_value", "any", "agg_last_value({0})", "first", "last_value(i)", "last_value(m)"),
)
