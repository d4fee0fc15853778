"""Rows of two queries in one: columns of one type."""

from __future__ import annotations

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.scope import Columns
from lakegate.transform.sql.typed import cast
from lakegate.transform.sql.types import UNKNOWN, VOID, Type, common, is_narrower

Side = tuple[exp.Expr, Columns]


def united(tree: exp.SetOperation, above: Side, below: Side) -> Side:
    """`union`, `intersect` or `except` of two queries."""
    if tree.args.get("by_name"):
        raise SqlError("union by name: put the columns in one order")
    (left, one), (right, other) = above, below
    if len(one) != len(other):
        raise SqlError(f"{tree.key}: {len(one)} columns above, {len(other)} below")
    columns: Columns = {}
    for (column, kind), (beside, second) in zip(one.items(), other.items(), strict=True):
        wider = common((kind, second))
        if wider is None:
            raise SqlError(f"{tree.key}: {column} is {kind} above and {beside} is {second} below")
        columns[column] = wider
    for query, kinds in ((left, one), (right, other)):
        if UNKNOWN not in kinds.values():
            _widen(query, list(kinds.values()), list(columns.values()))
    made = type(tree)(this=left, expression=right, distinct=tree.args.get("distinct"))
    return made, columns


def _widen(query: exp.Expr, kinds: list[Type], wanted: list[Type]) -> None:
    """Casts the columns of a select so that those above and below are of one type."""
    if isinstance(query, exp.SetOperation):
        for side in (query.this, query.expression):
            _widen(side, kinds, wanted)
    elif isinstance(query, exp.Subquery):
        _widen(query.this, kinds, wanted)
    elif isinstance(query, exp.Select):
        for item, kind, to in zip(query.expressions, kinds, wanted, strict=True):
            if kind not in (to, VOID):
                inner = item.this if isinstance(item, exp.Alias) else item
                made = cast(inner, to, safe=is_narrower(to, kind))
                inner.replace(exp.alias_(made, item.name) if inner is item else made)
