"""Functions of dates and instants; instants are UTC."""

from __future__ import annotations

from collections.abc import Sequence

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions.function import Function, Kinds

UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")
LETTERS = {"yyyy": "%Y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}


def _part(name: str, duckdb: str, takes: str = "date", show: str = "t") -> Function:
    return Function(
        name,
        takes,
        "int",
        duckdb,
        (f"{name}({show})",) + ((f"{name}(a)",) if takes == "date" else ()),
        duck="bigint",
    )


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
    return f"date_sub('{_unit(constants[0])}', {{1}}, {{2}})"


def _format(_: Kinds, constants: Sequence[str | None]) -> str:
    given, found = constants[1] or "", ""
    while given:
        letters = next((letters for letters in LETTERS if given.startswith(letters)), None)
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
    Function(
        "to_date",
        "date",
        "date",
        "{0}",
        ("to_date(t)", "to_date(a)"),
        remark="of text: declare the column as date",
    ),
    Function("date", "date", "date", "{0}", ("date(t)",)),
    Function(
        "to_timestamp",
        "timestamp",
        "timestamp",
        "{0}",
        ("to_timestamp(a)",),
        remark="of text: declare the column as timestamp",
    ),
    Function(
        "make_date",
        "integer, integer, integer",
        "date",
        "try_cast(printf('%04d-%02d-%02d', {0}, {1}, {2}) as date)",
        (
            "make_date(2000 + k, 2, 29)",
            "make_date(2024, i, 1)",
            "make_date(2023, 1, b)",
            "make_date(year(a), month(a), day(a))",
        ),
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
    Function(
        "date_trunc",
        "constant, timestamp",
        "timestamp",
        _truncated,
        tuple(f"date_trunc('{unit}', t)" for unit in UNITS),
    ),
    Function(
        "trunc",
        "date, constant",
        "date",
        _truncated_date,
        ("trunc(a, 'month')", "trunc(t, 'year')", "trunc(a, 'week')", "trunc(a, 'quarter')"),
    ),
    Function(
        "date_add",
        "date, integer",
        "date",
        "{0} + {1}",
        ("date_add(a, 30)", "date_add(t, -1)", "date_add(a, i)"),
    ),
    Function("date_sub", "date, integer", "date", "{0} - {1}", ("date_sub(a, 30)",)),
    Function(
        "datediff",
        "date, date",
        "int",
        "date_diff('day', {1}, {0})",
        ("datediff(a, t)", "datediff(t, date '2024-01-01')"),
        duck="bigint",
    ),
    Function(
        "timestampdiff",
        "unit, timestamp, timestamp",
        "bigint",
        _between,
        (
            *(f"timestampdiff({unit}, t, a)" for unit in UNITS[3:]),
            "timestampdiff(month, timestamp '2024-01-01 00:00:00', t)",
        ),
        remark="whole units, towards zero",
    ),
    Function(
        "add_months",
        "date, constant",
        "date",
        "cast({0} + to_months({1}) as date)",
        ("add_months(a, 1)", "add_months(t, -11)"),
    ),
    Function("last_day", "date", "date", "last_day({0})", ("last_day(a)", "last_day(t)")),
    Function(
        "unix_timestamp",
        "timestamp",
        "bigint",
        "epoch_us({0}) // 1000000",
        ("unix_timestamp(t)", "unix_timestamp(a)"),
    ),
    Function(
        "unix_seconds",
        "timestamp",
        "bigint",
        "cast(floor(epoch_us({0}) / 1000000) as bigint)",
        ("unix_seconds(t)",),
    ),
    Function(
        "unix_millis",
        "timestamp",
        "bigint",
        "cast(floor(epoch_us({0}) / 1000) as bigint)",
        ("unix_millis(t)",),
    ),
    Function("unix_micros", "timestamp", "bigint", "epoch_us({0})", ("unix_micros(t)",)),
    Function(
        "unix_date",
        "date",
        "int",
        "date_diff('day', date '1970-01-01', {0})",
        ("unix_date(a)",),
        duck="bigint",
    ),
    Function(
        "date_format",
        "timestamp, constant",
        "string",
        _format,
        (
            "date_format(t, 'yyyy-MM-dd')",
            "date_format(t, 'yyyy/MM HH:mm:ss')",
            "date_format(a, 'yyyyMM')",
        ),
        remark="with yyyy MM dd HH mm ss",
    ),
)
