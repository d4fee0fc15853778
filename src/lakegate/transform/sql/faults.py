"""The faults of a query, collected so that all are told at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlglot import exp

from lakegate.transform.sql.dialect import line_of
from lakegate.transform.sql.errors import SqlError


class Faults:
    """What was found to be wrong with the parts of one query."""

    def __init__(self) -> None:
        self.found: list[SqlError] = []

    @contextmanager
    def part(self, node: exp.Expr) -> Iterator[None]:
        """Notes what is wrong with a part; what stands behind it is looked at all the same."""
        try:
            yield
        except SqlError as error:
            self.found += [fault.at(line_of(node)) for fault in error.faults]

    def tell(self) -> None:
        """Raises SqlError with all of them, if there are any."""
        if self.found:
            raise self.found[0] if len(self.found) == 1 else SqlError(faults=self.found)
