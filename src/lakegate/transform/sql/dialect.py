"""Spark SQL as a tree in which a function is its name and what stands in its brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, ClassVar

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.errors import SqlglotError
from sqlglot.parsers.spark import SparkParser
from sqlglot.tokenizer_core import Token, TokenType

from lakegate.transform.sql.errors import SqlError

QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[^'"]+""")
# What no item of a list begins with; the parser passes over the comma before it, Spark does not.
NO_ITEM = frozenset(
    {
        TokenType.FROM,
        TokenType.GROUP_BY,
        TokenType.HAVING,
        TokenType.LIMIT,
        TokenType.ORDER_BY,
        TokenType.R_PAREN,
        TokenType.SELECT,
        TokenType.UNION,
        TokenType.WHERE,
    }
)


# What Spark calls its types, with digits in brackets and without.
NUMERIC = ("decimal", "dec", "numeric")
SIZED = frozenset(("varchar", "char", *NUMERIC))
PLAIN = frozenset(
    (
        *("string", "boolean", "int", "integer", "bigint", "long", "double", "date", "timestamp"),
        *NUMERIC,
    )
)


class _Parser(SparkParser):
    """Leaves functions alone, but for those with a grammar of their own."""

    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: parser
        for name, parser in SparkParser.FUNCTION_PARSERS.items()
        if name in ("CAST", "TRY_CAST", "EXTRACT")
    }


class AsWritten(Spark):
    """Spark's grammar; what a function means is not looked up, which a table here decides."""

    Parser = _Parser


def parse(sql: str) -> exp.Expr:
    """The tree of one query. Raises SqlError with line and column of what is not understood."""
    try:
        written = AsWritten().tokenize(sql)
        colons = [
            one
            for one in written
            if one.token_type == TokenType.DCOLON and sql[one.start : one.end + 1] == "::"
        ]
        if colons:
            raise SqlError(f"line {colons[0].line}: `::` is no Spark SQL: write cast(… as …)")
        for one, after in pairwise(written):
            if one.token_type == TokenType.VAR and not one.text.isascii():
                raise SqlError(f"line {one.line}: a name like {one.text} stands in backticks")
            if one.token_type == TokenType.COMMA and after.token_type in NO_ITEM:
                raise SqlError(f"line {one.line}: a comma stands before {after.text.lower()!r}")
        _require_types(written)
        found = [tree for tree in sqlglot.parse(sql, dialect=AsWritten) if tree is not None]
    except SqlglotError as error:
        raise SqlError(_told(error)) from error
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise SqlError("one select is expected, and nothing else")
    return found[0]


def _require_types(written: Sequence[Token]) -> None:
    """Refuses a cast to a type that Spark has by another name, which the parser would take."""
    is_cast: list[bool] = []  # of each bracket that is open
    for place in range(len(written) - 3):
        before, one, kind, after = written[place : place + 4]
        if one.token_type == TokenType.L_PAREN:
            is_cast.append(before.text.lower() in ("cast", "try_cast"))
        elif one.token_type == TokenType.R_PAREN and is_cast:
            is_cast.pop()
        elif one.token_type == TokenType.ALIAS and is_cast and is_cast[-1]:
            name, has_size = kind.text.lower(), after.token_type == TokenType.L_PAREN
            is_whole = has_size or after.token_type == TokenType.R_PAREN
            if not is_whole or name not in (SIZED if has_size else PLAIN):
                raise SqlError(
                    f"line {kind.line}: {kind.text} is no type here: string, int, bigint, "
                    "double, decimal(p,s), boolean, date or timestamp"
                )


def _told(error: SqlglotError) -> str:
    for fault in getattr(error, "errors", ()):
        near = fault.get("highlight") or "the end"
        return f"line {fault['line']}, column {fault['col']}: {fault['description']} near {near!r}"
    return str(error).splitlines()[0]


def line_of(tree: exp.Expr) -> int | None:
    """The first line that something of the tree was written on."""
    lines = [node.meta["line"] for node in tree.walk() if "line" in node.meta]
    return min(lines, default=None)


def text(tree: exp.Expr) -> str:
    """DuckDB's text of a tree, laid out and in lower case as people write it here."""
    shouted = tree.sql(dialect="duckdb", pretty=True, indent=4, pad=4, max_text_width=92)
    return QUOTED.sub(lambda part: part[0] if part[0][0] in "'\"" else part[0].lower(), shouted)


def name(text: str) -> exp.Identifier:
    """A name for DuckDB, in quotes where it would not be taken as one without."""
    is_plain = text.isascii() and text.replace("_", "a").isalnum() and not text[0].isdigit()
    return exp.to_identifier(text, quoted=not is_plain or text.lower() in _reserved())


@cache
def _reserved() -> frozenset[str]:
    query = "select keyword_name from duckdb_keywords() where keyword_category <> 'unreserved'"
    with duckdb.connect() as connection:
        return frozenset(word for (word,) in connection.execute(query).fetchall())
