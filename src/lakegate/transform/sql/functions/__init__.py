"""The table of what a mart may call: one line per function."""

from lakegate.transform.sql.functions.aggregates import AGGREGATES, unit
from lakegate.transform.sql.functions.dates import DATES
from lakegate.transform.sql.functions.function import Function
from lakegate.transform.sql.functions.instead import INSTEAD
from lakegate.transform.sql.functions.numbers import NUMBERS
from lakegate.transform.sql.functions.patterns import PATTERNS
from lakegate.transform.sql.functions.texts import TEXTS

ALL: tuple[Function, ...] = (*AGGREGATES, *NUMBERS, *TEXTS, *PATTERNS, *DATES)
TABLE: dict[str, Function] = {function.name: function for function in ALL}

__all__ = ["ALL", "INSTEAD", "TABLE", "Function", "unit"]
