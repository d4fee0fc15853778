"""Selects in brackets that use columns of the select around them, as far as Spark takes them."""

from __future__ import annotations

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import TABLE

PARTS = ("group", "having", "order", "limit", "distinct")


def require_one_row(query: exp.Expr) -> None:
    """Raises SqlError unless the select is one aggregate, for each row of one that has none."""
    plain = isinstance(query, exp.Select) and not any(query.args.get(part) for part in PARTS)
    if not plain or not any(map(_is_aggregate, query.expressions)):
        raise SqlError(
            "a select in brackets that uses a column from around it must be one aggregate, "
            "like max(…), without group, order or limit: or write a join"
        )
    above = query.parent
    while above is not None and not isinstance(above, (exp.Where, exp.Select)):
        above = above.parent
    if isinstance(above, exp.Select) and (
        above.args.get("group") or any(map(_is_aggregate, above.expressions))
    ):
        raise SqlError(
            "a select in brackets that uses a column from around it stands beside an aggregate: "
            "group in a with before"
        )


def _is_aggregate(item: exp.Expr) -> bool:
    """Whether a function over many rows is called, not over a window nor in a select of its own."""
    inner = (exp.Window, exp.Query)
    for node in item.walk(prune=lambda node: isinstance(node, inner)):
        name = str(node.this).lower() if isinstance(node, exp.Anonymous) else ""
        if name == "count" or (name in TABLE and TABLE[name].aggregate):
            return True
    return False
