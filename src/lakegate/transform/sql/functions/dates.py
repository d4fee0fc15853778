"""Functions of dates and instants; instants are UTC."""

from __future__ import annotations

from collections.abc import Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds

UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
LETTERS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}


def _part(name: str, duckdb: str, takes: str = "date") -> Function:
    return Function(name, takes, "int", duckdb, duck="bigint")


def _unit(constant: str | None) -> str:
    found = (constant or "").lower()
    if found not in UNITS:
        raise SqlError(f"the unit {constant!r} is not one of {', '.join(UNITS)}")
    return found


def _truncated(_: Kinds, constants: Sequence[str | None]) -> str:
    return f"date_trunc('{_unit(constants[0])}', {{1}})"


def _truncated_date(_: Kinds, constants: Sequence[str | None]) -> str:
    unit = _unit(constants[1])
    if unit in ("hour", "minute", "second", "day"):
        raise SqlError("trunc: year, quarter, month or week; for other units date_trunc")
    return f"cast(date_trunc('{unit}', {{0}}) as date)"


def _between(_: Kinds, constants: Sequence[str | None]) -> str:
    unit = _unit(constants[0])
    if unit in MONTHS:
        return f"months_until({{1}}, {{2}}) // {MONTHS[unit]}"
    return f"date_sub('{unit}', {{1}}, {{2}})"


def _since_1970(micros: int) -> str:
    """Whole units since 1970, before it rounded down."""
    return (
        f"case when epoch_us({{0}}) < 0 then (epoch_us({{0}}) - {micros - 1}) // {micros} "
        f"else epoch_us({{0}}) // {micros} end"
    )


def _format(_: Kinds, constants: Sequence[str | None]) -> str:
    given, found = constants[1] or "", ""
    if not given:
        raise SqlError("date_format: a pattern is needed")
    while given:
        run = given[: len(given) - len(given.lstrip(given[0]))]
        letters = run if run in LETTERS else None
        if letters is None and given[0].isalpha():
            raise SqlError(
                f"date_format: of letters only {', '.join(LETTERS)} are possible, not {given[0]!r}"
            )
        if letters is None and given[0] in "'%[]{}#":
            raise SqlError(f"date_format: {given[0]!r} is not possible")
        found += LETTERS[letters] if letters else given[0]
        given = given[len(letters or "x") :]
    return f"strftime({{0}}, '{found}')"


DATES = (
    Function("to_date", "date", "date", "{0}", remark="of text: declare the column as date"),
    Function("date", "date", "date", "{0}"),
    Function(
        "to_timestamp",
        "timestamp",
        "timestamp",
        "{0}",
        remark="of text: declare the column as timestamp",
    ),
    Function(
        "make_date",
        "integer, integer, integer",
        "date",
        "try_cast(printf('%04d-%02d-%02d', {0}, {1}, {2}) as date)",
        remark="of year, month and day; null where there is no such day",
    ),
    _part("year", "year({0})"),
    _part("quarter", "quarter({0})"),
    _part("month", "month({0})"),
    _part("day", "day({0})"),
    _part("dayofmonth", "day({0})"),
    _part("dayofweek", "dayofweek({0}) + 1"),
    _part("weekday", "isodow({0}) - 1"),
    _part("dayofyear", "dayofyear({0})"),
    _part("weekofyear", "weekofyear({0})"),
    _part("hour", "hour({0})", "timestamp"),
    _part("minute", "minute({0})", "timestamp"),
    _part("second", "second({0})", "timestamp"),
    Function("date_trunc", "constant, timestamp", "timestamp", _truncated),
    Function("trunc", "date, constant", "date", _truncated_date),
    Function("date_add", "date, int", "date", "{0} + {1}"),
    Function("date_sub", "date, int", "date", "{0} - {1}"),
    Function("datediff", "date, date", "int", "date_diff('day', {1}, {0})", duck="bigint"),
    Function(
        "timestampdiff",
        "unit, timestamp, timestamp",
        "bigint",
        _between,
        remark="whole units, towards zero",
    ),
    Function("add_months", "date, constant", "date", "cast({0} + to_months({1}) as date)"),
    Function("last_day", "date", "date", "last_day({0})"),
    Function("unix_timestamp", "timestamp", "bigint", "epoch_us({0}) // 1000000"),
    Function("unix_seconds", "timestamp only", "bigint", _since_1970(1_000_000)),
    Function("unix_millis", "timestamp only", "bigint", _since_1970(1000)),
    Function("unix_micros", "timestamp only", "bigint", "epoch_us({0})"),
    Function(
        "unix_date", "date only", "int", "date_diff('day', date '1970-01-01', {0})", duck="bigint"
    ),
    Function(
        "date_format", "timestamp, constant", "string", _format, remark="with yyyy MM dd HH mm ss"
    ),
)
