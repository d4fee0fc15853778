"""The one judge of lines: what a line is, for the validator and for both engines."""

from __future__ import annotations

from typing import Any, NamedTuple

from lakegate.contract.model import Column, Dataset, Limits
from lakegate.files.errors import LineFault
from lakegate.files.lines import casts as table
from lakegate.files.lines.parse import decoded, is_blank, parsed
from lakegate.files.lines.spans import written
from lakegate.files.lines.values import WRONG, Rounded
from lakegate.files.reasons import Code

__all__ = ["Judge", "Judged", "is_blank"]

MALFORMED = "malformed"


class Judged(NamedTuple):
    """What became of a line.

    `reason` is None for a good line, else `malformed`, or `missing_<column>` or `bad_<column>` of
    the first such required column. `values` has one value per column, in the contract's order, and
    is empty if there is a reason: int, bool, float, Decimal, str, datetime in UTC, date or None.
    `nulled` and `rounded` name the columns that lost a wrong value or digits. `fault` says what a
    malformed line suffers from.
    """

    reason: str | None
    values: tuple[Any, ...] = ()
    nulled: tuple[str, ...] = ()
    rounded: tuple[str, ...] = ()
    fault: LineFault | None = None

    @property
    def code(self) -> Code | None:
        """The rejection code of what makes the line malformed."""
        return self.fault.code if self.fault else None


class Judge:
    """Judges the lines of one dataset; `casts` is how, if not as the dataset says."""

    def __init__(self, dataset: Dataset, limits: Limits, *, casts: str | None = None) -> None:
        self._limits = limits
        self._readers = [_reader(column, casts or dataset.casts) for column in dataset.columns]

    def judge(self, line: bytes) -> Judged:
        """The verdict on a line without its end. Never raises, whatever the bytes are."""
        try:
            text = decoded(line, self._limits)
            row = parsed(line, text)
        except LineFault as fault:
            return Judged(MALFORMED, fault=fault)
        return self.judge_row(row, text)

    def judge_row(self, row: dict[str, Any], text: str) -> Judged:
        """The verdict on a line that was parsed from a text."""
        values = []
        nulled: tuple[str, ...] = ()
        rounded: tuple[str, ...] = ()
        for name, key, elsewhere, required, cast in self._readers:
            value = row.get(key)
            if elsewhere is not None:
                value = _token(value, elsewhere, text)
            if value is not None and value is not WRONG:
                value = cast(value)
            if value is None:
                if required:
                    return Judged(f"missing_{name}")
            elif value is WRONG:
                if required:
                    return Judged(f"bad_{name}")
                value = None
                nulled = (*nulled, name)
            elif type(value) is Rounded:
                value = value.value
                rounded = (*rounded, name)
            values.append(value)
        return Judged(None, tuple(values), nulled, rounded)


Reader = tuple[str, str, Column | None, bool, table.Cast]


def _reader(column: Column, casts: str) -> Reader:
    """Name, key, the column itself if its token is not simply what the key has, and the rest."""
    simple = len(column.path) == 1 and column.type != "json"
    elsewhere = None if simple else column
    return (column.name, column.path[0], elsewhere, column.required, table.cast(column, casts))


def _token(value: Any, column: Column, text: str) -> Any:
    """The token at the column's path; None for nothing or null on the way, WRONG for a value."""
    for key in column.path[1:]:
        if value is None:
            return None
        if not isinstance(value, dict):
            return WRONG
        value = value.get(key)
    return value if value is None or column.type != "json" else written(text, column.path)
