"""Queries: what stands in them, and the columns that they give."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError, UntoldError
from lakegate.transform.sql.faults import Faults
from lakegate.transform.sql.queries.selects import query
from lakegate.transform.sql.scope import NAMELESS, Columns, Relations
from lakegate.transform.sql.types import VOID
from lakegate.transform.sql.types import parse as parse_type

Views = Mapping[str, Mapping[str, str] | None]  # view to column to Spark's type, if it is known


def translated(tree: exp.Expr, relations: Relations) -> tuple[exp.Expr, Columns]:
    """The query for DuckDB and its columns with Spark's types.

    Raises SqlError with all faults, UntoldError where only what it reads is wrong.
    """
    faults, found = Faults(), None
    with faults.part(tree):
        found = query(tree, relations, None, faults)
    faults.tell()
    if found is None:
        raise UntoldError
    return found


def typed_relations(given: Views) -> Relations:
    """Views by name, each column with its type, from the texts of a contract."""
    return {
        view.lower(): (
            None if columns is None else {name: parse_type(kind) for name, kind in columns.items()}
        )
        for view, columns in given.items()
    }


def columns_of(tree: exp.Expr, relations: Views) -> dict[str, str]:
    """Name and Spark's type of each column that a query gives, in order."""
    _, columns = translated(tree, typed_relations(relations))
    faults = Faults()
    for place, (column, kind) in enumerate(columns.items(), 1):
        with faults.part(tree):
            if column.startswith(NAMELESS):
                raise SqlError(f"column {place} has no name: write `as <name>` behind it")
            if kind == VOID:
                raise SqlError(f"{column}: null has no type; write cast(null as …) as {column}")
    faults.tell()
    return {column: str(kind) for column, kind in columns.items()}
