"""Windows, and the order in them."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.scope import Scope
from lakegate.transform.sql.typed import Typed

Recur = Callable[[exp.Expr, Scope], Typed]


def over(window: exp.Window, inner: exp.Expr, scope: Scope, typed: Recur) -> exp.Expr:
    """A function over the window."""
    if window.args.get("alias") is not None:
        raise SqlError("over: write the window in its brackets")
    made = exp.Window(this=inner, over="OVER")
    made.set(
        "partition_by", [typed(key, scope).node for key in window.args.get("partition_by") or ()]
    )
    order = window.args.get("order")
    if order is not None:
        keys = [ordered(key, typed(key.this, scope).node) for key in order.expressions]
        made.set("order", exp.Order(expressions=keys))
    spec = window.args.get("spec")
    if spec is not None:
        made.set("spec", spec.copy())
    return made


def ordered(key: exp.Ordered, node: exp.Expr) -> exp.Ordered:
    """A key of an order as Spark orders: null is smallest unless the query says otherwise."""
    desc = bool(key.args.get("desc"))
    first = key.args.get("nulls_first")
    return exp.Ordered(this=node, desc=desc, nulls_first=(not desc) if first is None else first)
