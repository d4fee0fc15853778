"""Selects in brackets that use columns of the select around them, as far as Spark takes them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import TABLE

PARTS = ("group", "having", "order", "limit", "distinct")


def require_possible(query: exp.Expr, lent: Sequence[exp.Column]) -> None:
    """Raises SqlError unless the select is one aggregate, and stands where Spark takes it.

    `lent` are the columns from around it. Spark takes them in its `where` alone.
    """
    plain = isinstance(query, exp.Select) and not any(query.args.get(part) for part in PARTS)
    if not plain or not any(map(_is_aggregate, query.expressions)):
        raise SqlError(
            "a select in brackets that uses a column from around it must be one aggregate, "
            "like max(…), without group, order or limit: or write a join"
        )
    if not all(_is_in_where(column, query) for column in lent):
        raise SqlError(
            "a select in brackets uses a column from around it in its where only: "
            "count with it outside of the brackets, or write a join"
        )
    require_place(query)
    around = _around(query)
    if any(_is_call(node) and not isinstance(node.parent, exp.Window) for node in around):
        return
    above = around[-1] if around else None
    if isinstance(above, exp.Select) and (
        above.args.get("group") or any(map(_is_aggregate, above.expressions))
    ):
        raise SqlError(
            "a select in brackets that uses a column from around it stands beside an aggregate: "
            "group in a with before"
        )


def require_place(query: exp.Expr) -> None:
    """Raises SqlError for a select that uses columns from around it where Spark takes none."""
    for node in _around(query):
        if isinstance(node, exp.Join):
            place = "the on of a join: give it a name in a with before"
        elif isinstance(node, exp.Order) and not isinstance(node.parent, exp.Window):
            place = "order by: give it a name in the list"
        else:
            continue
        raise SqlError(f"a select that uses a column from around it stands in {place}")


def _around(query: exp.Expr) -> list[exp.Expr]:
    """What stands around it, up to the `where` or the select that it is a part of."""
    found: list[exp.Expr] = []
    above = query.parent
    while above is not None:
        found.append(above)
        if isinstance(above, (exp.Where, exp.Select)):
            break
        above = above.parent
    return found


def _is_in_where(column: exp.Column, query: exp.Expr) -> bool:
    """Whether a column of the query stands in its `where`, or in that of a select in it."""
    above = column.parent
    while above is not None and above is not query:
        if isinstance(above, exp.Where) and not isinstance(above.parent, exp.Filter):
            return True
        above = above.parent
    return False


def _is_aggregate(item: exp.Expr) -> bool:
    """Whether a function over many rows is called, not over a window nor in a select of its own."""
    inner = (exp.Window, exp.Query)
    return any(map(_is_call, item.walk(prune=lambda node: isinstance(node, inner))))


def _is_call(node: exp.Expr) -> bool:
    """Whether it is a call of a function over many rows."""
    name = str(node.this).lower() if isinstance(node, exp.Anonymous) else ""
    return name == "count" or (name in TABLE and TABLE[name].aggregate)
