"""What can be wrong with the SQL of a project."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence


class SqlError(ValueError):
    """SQL that one of the engines would not run or would answer otherwise; says what to write.

    `faults` are all that a query has; the message has a line for each.
    """

    line: int | None = None

    def __init__(self, text: str = "", faults: Sequence[SqlError] = ()) -> None:
        super().__init__(text or "\n".join(map(str, faults)))
        self.faults = tuple(faults) or (self,)

    def at(self, line: int | None) -> SqlError:
        """The same error, told with the line that it is on unless a line was named before."""
        if line is None or self.line is not None or self.faults != (self,):
            return self
        found = SqlError(f"line {line}: {self}")
        found.line = line
        return found


class UntoldError(SqlError):
    """Nothing can be said of a part: it depends on another one, whose fault is told already."""

    def __init__(self) -> None:
        super().__init__("depends on what is wrong elsewhere")
        self.faults = ()


def meant(wanted: str, known: Collection[str]) -> str:
    """`; <the nearest name> is meant?`, or a full stop."""
    near = difflib.get_close_matches(wanted, known, 1)
    return f"; {near[0]} is meant?" if near else "."


def no_relation(wanted: str, known: Collection[str]) -> SqlError:
    """A relation that is not there, with what is."""
    there = ", ".join(sorted(known))
    return SqlError(f"there is no relation {wanted}{meant(wanted, known)} There are {there}")
