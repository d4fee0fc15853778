"""What can be wrong with the SQL of a project."""

from __future__ import annotations


class SqlError(ValueError):
    """SQL that one of the engines would not run or would answer otherwise; says what to write."""

    line: int | None = None

    def at(self, line: int | None) -> SqlError:
        """The same error, told with the line that it is on unless a line was named before."""
        if line is None or self.line is not None:
            return self
        found = SqlError(f"line {line}: {self}")
        found.line = line
        return found
