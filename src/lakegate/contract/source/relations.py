"""Which relations a query names, found in its SQL (Spark's dialect)."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError
from sqlglot.optimizer.scope import traverse_scope


class SqlError(ValueError):
    """SQL that is not one query over named relations; `line` (from 1, or 0) is where."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


def named(sql: str) -> tuple[str, ...]:
    """The relations that a query reads and does not define itself, in order of name."""
    found: set[str] = set()
    for scope in traverse_scope(_query(sql)):
        for source in scope.sources.values():
            if isinstance(source, exp.Table):
                found.add(_name(source))
    return tuple(sorted(found - {""}))


def is_expression(sql: str) -> None:
    """Raises SqlError unless the text is one expression over columns."""
    parsed = _parsed(f"select {sql}")
    alone = isinstance(parsed, exp.Select) and len(parsed.expressions) == 1
    if not alone or parsed.find(exp.From):
        raise SqlError("is not one expression over the table's columns")


def _query(sql: str) -> exp.Expr:
    parsed = _parsed(sql)
    if not isinstance(parsed, exp.Query):
        raise SqlError("is not a query; one `select` is expected")
    return parsed


def _parsed(sql: str) -> exp.Expr:
    try:
        statements = [one for one in sqlglot.parse(sql, dialect="spark") if one is not None]
    except ParseError as error:
        first = error.errors[0]
        near = f" at {first['highlight']!r}" if first.get("highlight") else ""
        raise SqlError(
            f"does not parse: {first['description'].partition(' for <')[0]}{near}",
            first["line"] or 0,
        ) from error
    except (SqlglotError, RecursionError) as error:
        said = str(error).partition("\n")[0] or "it is nested too deeply"
        raise SqlError(f"does not parse: {said}") from error
    if len(statements) != 1:
        raise SqlError(f"has {len(statements)} statements; one `select` is expected")
    return statements[0]


def _name(table: exp.Table) -> str:
    if table.db or table.catalog:
        raise SqlError(
            f"reads {table.sql('spark')}, which is a place; a query reads stg_<dataset>, views of "
            "sql/staging and gold tables by their names alone"
        )
    return table.name.lower()
