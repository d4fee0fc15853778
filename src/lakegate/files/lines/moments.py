"""Instants and dates from text or a count since 1970, in the years 1 to 9999 of UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

from lakegate.files.lines.numbers import LONGEST, exact
from lakegate.files.lines.parse import Number
from lakegate.files.lines.values import WRONG

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# How far the point moves so that a number of the unit becomes one of microseconds.
UNITS = {"s": 6, "ms": 3, "us": 0, "ns": -3}
# From which size on a number is taken to be of a unit, the largest first.
SIZES = ((Decimal(10**17), "ns"), (Decimal(10**14), "us"), (Decimal(10**11), "ms"))
SMALLEST = Decimal(10**8)

_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?"
_STRICT = re.compile(f"{_DAY}T{_TIME}{_ZONE}")
_LENIENT = re.compile(f"{_DAY}(?:[T ]{_TIME}(?:{_ZONE}| UTC))?")
_DATE = re.compile(_DAY)
_EIGHT = re.compile("[0-9]{8}")
_EXACT = Context(prec=4 * LONGEST, Emax=MAX_EMAX, Emin=MIN_EMIN)


def instant(token: Any) -> Any:
    """Strict timestamp: a text of an ISO 8601 date-time."""
    if type(token) is not str or len(token) > LONGEST or not _STRICT.fullmatch(token):
        return WRONG
    return _instant(token)


def any_instant(token: Any, epoch: str | None) -> Any:
    """Lenient timestamp: a looser text of one, a date, or a count since 1970."""
    if not isinstance(token, str) or len(token) > LONGEST:
        return WRONG
    if type(token) is not Number:
        if _LENIENT.fullmatch(token):
            return _instant(token[:-4] + "Z" if token.endswith(" UTC") else token)
        if epoch is None and _EIGHT.fullmatch(token):
            return _instant(f"{token[:4]}-{token[4:6]}-{token[6:]}")
    number = exact(token)
    return WRONG if number is None else _since_1970(number, epoch)


def day(token: Any) -> Any:
    """Strict date: a text `YYYY-MM-DD`."""
    if type(token) is not str or not _DATE.fullmatch(token):
        return WRONG
    try:
        return date.fromisoformat(token)
    except ValueError:
        return WRONG


def any_day(token: Any, epoch: str | None) -> Any:
    """Lenient date: the UTC date of what is a lenient timestamp."""
    moment = any_instant(token, epoch)
    return moment if moment is WRONG else moment.date()


def _instant(text: str) -> Any:
    try:
        if text.startswith("0000"):
            return _from_year_zero(text)
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is UTC:
            return moment
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or not in these years in UTC
        return WRONG


def _from_year_zero(text: str) -> Any:
    """An instant of the last hours of the year 0, which its offset may lead into the year 1."""
    moment = datetime.fromisoformat("0004" + text[4:])  # a leap year too
    if moment.tzinfo is None or (moment := moment.astimezone(UTC)).year != 5:
        return WRONG
    return moment.replace(year=1)


def _since_1970(number: Decimal, epoch: str | None) -> Any:
    unit = epoch or _unit(abs(number))
    if unit is None or (number and number.adjusted() > 22):
        return WRONG
    # Digits beyond microseconds are cut, as those of a text are.
    micros = int(_EXACT.scaleb(number, UNITS[unit]))
    try:
        return EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return WRONG


def _unit(size: Decimal) -> str | None:
    for least, unit in SIZES:
        if size >= least:
            return unit
    return "s" if size >= SMALLEST else None
