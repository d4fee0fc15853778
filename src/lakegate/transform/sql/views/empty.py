"""Relations without rows in DuckDB, on which a query shows whether it can run at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from lakegate.transform.engines.duckdb.macros import MACROS
from lakegate.transform.sql.dialect import parse, text
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.queries import Views, translated, typed_relations
from lakegate.transform.sql.typed import DUCKDB

NAMES = {"int": "integer", "string": "varchar", "timestamp": "timestamp with time zone"}


class Empty:
    """Views over empty relations; each view can be read by the next."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def relation(self, name: str, columns: Mapping[str, str]) -> None:
        """An empty relation."""
        kinds = {column: "string" if kind == "json" else kind for column, kind in columns.items()}
        shown = ", ".join(f'"{column}" {DUCKDB.get(kind, kind)}' for column, kind in kinds.items())
        self._connection.execute(f'create table "{name}" ({shown})')

    def stand_in(self, name: str, columns: Mapping[str, str] | None) -> None:
        """An empty relation for a view that is wrong, where its columns are known."""
        self._connection.execute(f'drop view if exists "{name}"')
        if columns:
            self.relation(name, columns)

    def query(self, sql: str, known: Views) -> None:
        """Runs a query. Raises SqlError if that cannot be."""
        made, _ = translated(parse(sql), typed_relations(known))
        try:
            self._connection.sql(text(made))
        except duckdb.Error as error:
            raise SqlError(f"does not run: {_told(error)}") from error

    def view(self, name: str, sql: str, known: Views, columns: Mapping[str, str]) -> None:
        """A view of a query. Raises SqlError if it does not run, or not to these columns."""
        made, _ = translated(parse(sql), typed_relations(known))
        try:
            self._connection.execute(f'create view "{name}" as {text(made)}')
            found = self._connection.sql(f'from "{name}" limit 0')
        except duckdb.Error as error:
            raise SqlError(f"does not run: {_told(error)}") from error
        kinds = [str(kind).lower() for kind in found.types]
        if kinds != [NAMES.get(kind, kind) for kind in columns.values()]:
            raise AssertionError(f"{name}: {columns} on Spark, {kinds} on DuckDB")


@contextmanager
def empty(relations: Mapping[str, Mapping[str, str]]) -> Iterator[Empty]:
    """A DuckDB of its own that has these relations, without a row."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for macro in MACROS:
            connection.execute(macro)
        made = Empty(connection)
        for name, columns in relations.items():
            made.relation(name, columns)
        yield made


def _told(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].partition(": ")[2]
