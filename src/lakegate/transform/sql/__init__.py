"""The SQL of a project when it is built: read, checked, typed, and put into DuckDB's words.

A person writes Spark SQL; Spark runs it as it stands. The same tree is checked against a table of
what both engines answer alike, every expression gets Spark's type, and DuckDB's text casts where
DuckDB would make another one. In DuckDB a timestamp column is a TIMESTAMP in UTC, string and json
are VARCHAR, int INTEGER, bigint BIGINT, decimal(p,s) DECIMAL(p,s).
"""

from __future__ import annotations

from collections.abc import Mapping

from lakegate.transform.sql.dialect import parse
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.macros import MACROS
from lakegate.transform.sql.queries import NAMELESS, relations_of, translated
from lakegate.transform.sql.relations import order, sources

__all__ = ["MACROS", "SqlError", "check", "columns_of", "order", "sources", "to_duckdb"]

Views = Mapping[str, Mapping[str, str]]  # view to column to Spark's type


def to_duckdb(sql: str, relations: Views) -> str:
    """The query in DuckDB's words, formatted; MACROS must be known to the connection.

    Raises SqlError for what is not on the list of `docs/sql.md`.
    """
    tree = parse(sql)
    made, _ = translated(tree, relations_of(relations))
    remark = sql.strip().splitlines()[0]
    text = str(made.sql(dialect="duckdb", pretty=True, normalize_functions="lower"))
    return f"{remark}\n{text}" if remark.startswith("--") else text


def check(sql: str, relations: Views) -> None:
    """Raises SqlError for what the engines would not answer alike."""
    columns_of(sql, relations)


def columns_of(sql: str, relations: Views) -> list[tuple[str, str]]:
    """Name and Spark's type of each column that the query gives."""
    _, columns = translated(parse(sql), relations_of(relations))
    for column, kind in columns.items():
        if column.startswith(NAMELESS):
            place = int(column.removeprefix(NAMELESS)) + 1
            raise SqlError(f"column {place} has no name: write `as <name>` behind it")
        if kind.name == "void":
            raise SqlError(f"{column}: null has no type; write cast(null as …) as {column}")
    return [(column, str(kind)) for column, kind in columns.items()]
