"""The one table of types and casts: which tokens are values of a column, and which value each is.

A token is what the parser makes of a JSON value: `str`, `Number`, `bool`, `list`, `dict`; that of a
`json` column is its text. A cast gives the value, None for a token that counts as null, `Rounded`
for a decimal that lost digits, or `WRONG`; it raises nothing. `docs/casts.md` is made from this.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from lakegate.contract.model import Column
from lakegate.files.lines import moments, numbers
from lakegate.files.lines.parse import Number
from lakegate.files.lines.values import WRONG

Cast = Callable[[Any], Any]

BLANKS = " \t\r\n"
WORDS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0"), False),
}


class Type(NamedTuple):
    """How one type is read: its two casts, what they take in words, and its value."""

    strict: Callable[[Column], Cast]
    lenient: Callable[[Column], Cast]
    takes: str
    takes_also: str
    value: str


def cast(column: Column, casts: str) -> Cast:
    """The cast of a column by `strict` or `lenient` casts."""
    kind = TABLE["decimal" if column.decimal else column.type]
    read = kind.lenient(column) if casts == "lenient" else kind.strict(column)
    return _one_of(read, frozenset(column.allowed)) if column.allowed else read


def _one_of(read: Cast, allowed: frozenset[Any]) -> Cast:
    def chosen(token: Any) -> Any:
        value = read(token)
        return value if value is None or value in allowed else WRONG

    return chosen


def _unless_blank(read: Cast) -> Callable[[Any], Any]:
    def trimmed(token: Any) -> Any:
        if type(token) is str:
            token = token.strip(BLANKS)
            if not token:
                return None
        return read(token)

    return trimmed


def _string(token: Any) -> Any:
    return token if type(token) is str else WRONG


def _any_string(token: Any) -> Any:
    if type(token) is str:
        return token
    if type(token) is Number and numbers.is_bounded(token):
        return str(token)
    return str(token).lower() if type(token) is bool else WRONG


def _boolean(token: Any) -> Any:
    return token if type(token) is bool else WRONG


def _any_boolean(token: Any) -> Any:
    if type(token) is bool:
        return token
    if isinstance(token, str) and len(token) <= len("false"):
        return WORDS.get(token.lower(), WRONG)
    return WRONG


def _json(text: str) -> Any:
    number = text[0] in "-0123456789"
    return WRONG if number and not numbers.is_bounded(Number(text)) else text


def _any_json(text: str) -> Any:
    blank = text[0] == '"' and not json.loads(text).strip(BLANKS)
    return None if blank else _json(text)


def _decimal(column: Column) -> Cast:
    assert column.decimal is not None
    return numbers.decimal(*column.decimal)


TABLE = {
    "string": Type(
        lambda _: _string,
        lambda _: _any_string,
        "a JSON string",
        "a number, `true` or `false`: as written",
        "its text",
    ),
    "bigint": Type(
        lambda _: numbers.whole(64),
        lambda _: _unless_blank(numbers.any_whole(64)),
        "a JSON integer from -2^63 to 2^63-1",
        "a number whose fraction is zero (`12.0`, `1.2e1`); a string of one",
        "a whole number",
    ),
    "int": Type(
        lambda _: numbers.whole(32),
        lambda _: _unless_blank(numbers.any_whole(32)),
        "a JSON integer from -2^31 to 2^31-1",
        "a number whose fraction is zero (`12.0`, `1.2e1`); a string of one",
        "a whole number",
    ),
    "decimal": Type(
        _decimal,
        lambda column: _unless_blank(_decimal(column)),
        "a JSON number or a string of one, with at most p-s digits before the point",
        "blanks around it",
        "exact; digits beyond the scale are rounded half up and, where that changes the value, "
        "counted `rounded_<column>`",
    ),
    "double": Type(
        lambda _: numbers.double,
        lambda _: _unless_blank(numbers.double_text),
        "a JSON number that a double can hold",
        "a string of one",
        "the nearest double; -0.0 is 0.0",
    ),
    "boolean": Type(
        lambda _: _boolean,
        lambda _: _unless_blank(_any_boolean),
        "`true`, `false`",
        '`0`, `1`, `"0"`, `"1"`; the strings true, false, t, f, yes, no, y, n in any case',
        "true or false",
    ),
    "timestamp": Type(
        lambda _: moments.instant,
        lambda column: _unless_blank(partial(moments.any_instant, epoch=column.epoch)),
        "a string of an ISO 8601 date-time with `T`, and `Z`, an offset (`±HH:MM`, `±HHMM`, "
        "`±HH`, up to 14:59) or neither (then UTC); seconds may be left out",
        "a blank for `T`; ` UTC`; a date alone (midnight); a count since 1970 as a number or a "
        "string of one, with or without fraction: in the unit of `epoch`, else told apart by size "
        "(from 10^8 seconds, 10^11 milliseconds, 10^14 microseconds, 10^17 nanoseconds, negative "
        "alike; smaller is wrong) and a string of eight digits is YYYYMMDD",
        "an instant in the years 0001 to 9999 of UTC; digits beyond microseconds are cut",
    ),
    "date": Type(
        lambda _: moments.day,
        lambda column: _unless_blank(partial(moments.any_day, epoch=column.epoch)),
        "a string `YYYY-MM-DD`",
        "what a timestamp takes",
        "a date in the years 0001 to 9999; of a timestamp its date in UTC",
    ),
    "json": Type(
        lambda _: _json,
        lambda _: _any_json,
        "any value",
        "",
        "its text as written, without blanks between tokens",
    ),
}
