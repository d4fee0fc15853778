"""From the text of a JSON value to a value of the contract's type, or null."""

from __future__ import annotations

from pyspark.sql import Column as Expression
from pyspark.sql import functions as F

from lakegate.contract import Column
from lakegate.contract.model import TIMESTAMP_PATTERN

QUOTED = ("string", "timestamp")
EXPONENT = r"^[+-]?[0-9]+([.][0-9]+)?[eE][+-]?[0-9]+\z"
FIRST, LAST = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"


def parsed_type(column: Column) -> str:
    """What Spark's JSON reader is asked for: text where its own conversion is slow or inexact."""
    return "string" if column.type in QUOTED or column.decimal else column.type


def read(column: Column, name: str) -> Expression:
    """The value of the text in column `name`; null if it has not the type or is not allowed."""
    text = F.col(name)
    if column.allowed:
        return F.when(text.isin(*column.allowed), text)
    if column.type == "timestamp":
        return timestamp(name)
    if column.decimal:
        return decimal(name, *column.decimal)
    return text


def timestamp(name: str) -> Expression:
    """The UTC instant of an ISO 8601 date-time whose date exists, in the years 1 to 9999."""
    # Spark reads an offset only behind seconds.
    whole = f"overlay(`{name}` placing ':00' from 17 for 0)"
    full = f"if(substr(`{name}`, 17, 1) = ':', `{name}`, {whole})"
    # The session's time zone is UTC, and Spark is slow to look up what `Z` stands for.
    instant = F.expr(f"try_cast(replace({full}, 'Z', '') as timestamp)")
    return F.when(F.col(name).rlike(rf"^(?:{TIMESTAMP_PATTERN})\z"), within_years(instant))


def within_years(instant: Expression) -> Expression:
    """The instant if it lies in the years 1 to 9999, else null."""
    first, last = F.lit(FIRST).cast("timestamp"), F.lit(LAST).cast("timestamp")
    return F.when(instant.between(first, last), instant)


def decimal(name: str, precision: int, scale: int) -> Expression:
    """The exact decimal of a number's text; null if it does not fit, never rounded."""
    text = F.col(name)
    places = 37 - precision + scale  # as many as a decimal can have beside the whole digits
    wide = f"try_cast(`{name}` as decimal(38, {places}))"
    narrow = f"try_cast({wide} as decimal({precision}, {scale}))"
    fraction = rf"([.][0-9]{{1,{scale}}}0*)?" if scale else "([.]0+)?"
    fits = text.rlike(rf"^[+-]?0*[0-9]{{1,{precision - scale}}}{fraction}\z")
    from_exponent = F.when(text.rlike(EXPONENT), F.expr(f"if({wide} = {narrow}, {narrow}, null)"))
    return F.when(fits, text.cast(f"decimal({precision},{scale})")).otherwise(from_exponent)
