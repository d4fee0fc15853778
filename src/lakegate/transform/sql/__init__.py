"""The SQL of a project when it is built: read, checked, typed, and put into DuckDB's words.

A person writes Spark SQL; Spark runs it as it stands. The same tree is checked against a table of
what both engines answer alike, every expression gets Spark's type, and DuckDB's text casts where
DuckDB would make another one. In DuckDB a timestamp is a TIMESTAMPTZ and the session in UTC, string
and json are VARCHAR, int INTEGER, bigint BIGINT, decimal(p,s) DECIMAL(p,s).
"""

from __future__ import annotations

from lakegate.transform.engines.duckdb.macros import MACROS
from lakegate.transform.sql import queries
from lakegate.transform.sql.dialect import parse, text
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.queries import Views
from lakegate.transform.sql.views.resolve import relations, resolved

__all__ = ["MACROS", "SqlError", "relations", "resolved", "to_duckdb"]


def to_duckdb(sql: str, relations: Views) -> str:
    """The query in DuckDB's words, formatted; MACROS must be known to the connection.

    Raises SqlError for what is not on the list of `docs/sql.md`.
    """
    made, _ = queries.translated(parse(sql), queries.typed_relations(relations))
    remark = sql.strip().splitlines()[0]
    return f"{remark}\n{text(made)}" if remark.startswith("--") else text(made)
