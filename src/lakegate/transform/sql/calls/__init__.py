"""Calls of functions, alone, over a window or with a filter."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from sqlglot import exp

from lakegate.transform.sql import casts, comparisons
from lakegate.transform.sql.calls import arguments, windows
from lakegate.transform.sql.calls.windows import Recur
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import INSTEAD, TABLE
from lakegate.transform.sql.scope import Scope
from lakegate.transform.sql.typed import Typed, template
from lakegate.transform.sql.types import BIGINT, BOOLEAN

Dress = Callable[[exp.Expr], exp.Expr]
CASTS = ("int", "bigint", "double", "string", "boolean")  # Spark calls casts by their types


def called(node: exp.Expr, scope: Scope, typed: Recur) -> Typed:
    """A function as it stands in a query."""
    over = filtered = None
    if isinstance(node, exp.Window):
        over, node = node, node.this
    if isinstance(node, exp.Filter):
        filtered, node = node, node.this
    if not isinstance(node, exp.Anonymous):
        instead = INSTEAD.get(node.key, node.sql(dialect="spark")[:60])
        raise SqlError(f"{node.key} is not possible: {instead}")

    def dress(inner: exp.Expr) -> exp.Expr:
        if filtered is not None:
            where = typed(filtered.expression.this, scope)
            if where.kind != BOOLEAN:
                raise SqlError(f"filter: a condition is needed, not {where.kind}")
            inner = exp.Filter(this=inner, expression=exp.Where(this=where.node))
        return inner if over is None else windows.over(over, inner, scope, typed)

    name = str(node.this).lower()
    if name in CASTS and len(node.expressions) == 1:
        to = exp.DataType.build(name, dialect="spark")
        made = exp.Cast(this=node.expressions[0], to=to)
        made.parent = node.parent  # what stands in it is still part of the query
        return casts.typed(made, typed(made.this, scope))
    function = TABLE.get(name)
    if function and function.window and over is None:
        raise SqlError(f"{name}() needs over (…)")
    if (over or filtered) and not (name == "count" or (function and function.aggregate)):
        raise SqlError(f"{name}() is no function over many rows")
    if over is not None:
        windows.require_possible(node, filtered is not None, function, over)
    if name == "count":
        return _count(node, scope, typed, dress)
    return call(name, node.expressions, scope, typed, dress)


def call(
    name: str,
    given: Sequence[exp.Expr],
    scope: Scope,
    typed: Recur,
    dress: Dress | None = None,
) -> Typed:
    """A function with its arguments. Raises SqlError for one that is not in the table."""
    function = TABLE.get(name)
    if function is None:
        raise SqlError(_unknown(name))
    if function.takes.startswith("unit") and given and isinstance(given[0], exp.Column):
        given = [exp.Literal.string(given[0].name), *given[1:]]
    distinct = len(given) == 1 and isinstance(given[0], exp.Distinct)
    if distinct:
        if name not in ("sum", "avg", "min", "max"):
            raise SqlError(f"{name}(distinct …) is not possible")
        given = given[0].expressions
    values = [typed(argument, scope) for argument in given]
    if name == "nullif" and len(values) == 2:
        comparisons.alike(*values)
    kinds, nodes = arguments.taken(function, values)
    constants = [value.literal for value in values]
    text = (
        function.duckdb if isinstance(function.duckdb, str) else function.duckdb(kinds, constants)
    )
    made = template(text, nodes).transform(lambda part: _aggregate(part, distinct, dress))
    kind = arguments.given(function, values, kinds)
    return Typed(made, kind, arguments.given_by_duckdb(function, values, kinds, kind))


def _aggregate(part: exp.Expr, distinct: bool, dress: Dress | None) -> exp.Expr:
    """`agg_sum(x)` of a template as the function that it stands for, dressed."""
    if not isinstance(part, exp.Anonymous) or not str(part.this).lower().startswith("agg_"):
        return part
    given = part.expressions
    if distinct:
        given = [exp.Distinct(expressions=given)]
    inner: exp.Expr = exp.Anonymous(
        this=str(part.this).lower().removeprefix("agg_"), expressions=given
    )
    return dress(inner) if dress else inner


def _count(node: exp.Anonymous, scope: Scope, typed: Recur, dress: Dress) -> Typed:
    given = node.expressions
    if len(given) != 1:
        raise SqlError("count: one argument, or *")
    argument = given[0]
    if isinstance(argument, exp.Star):
        made: exp.Expr = exp.Star()
    elif isinstance(argument, exp.Distinct):
        nodes = [typed(item, scope).node for item in argument.expressions]
        if len(nodes) > 1:
            there = " and ".join(f"{{{index}}} is not null" for index in range(len(nodes)))
            nodes = [template(f"case when {there} then row({{*}}) end", nodes)]
        made = exp.Distinct(expressions=nodes)
    else:
        made = typed(argument, scope).node
    return Typed.of(dress(exp.Anonymous(this="count", expressions=[made])), BIGINT)


def _unknown(name: str) -> str:
    instead = INSTEAD.get(name)
    if instead:
        return f"{name}() is not possible: {instead}"
    near = difflib.get_close_matches(name, TABLE, 1)
    meant = f"; {near[0]}() is meant?" if near else "."
    return (
        f"{name}() is not among the functions that both engines answer alike{meant} See docs/sql.md"
    )
