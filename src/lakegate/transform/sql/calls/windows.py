"""Windows, and the order in them."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import Function
from lakegate.transform.sql.scope import Scope
from lakegate.transform.sql.typed import Typed

Recur = Callable[[exp.Expr, Scope], Typed]


def require_possible(
    call: exp.Expr, filtered: bool, function: Function | None, window: exp.Window
) -> None:
    """Raises SqlError for a function over a window that Spark does not take."""
    if filtered:
        raise SqlError("filter … over: write case when … inside the function")
    if any(isinstance(given, exp.Distinct) for given in call.expressions):
        raise SqlError("distinct … over: make the rows distinct in a with before")
    if function and function.window and window.args.get("order") is None:
        raise SqlError(f"{function.name}() needs an order by in over (…)")


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
        if order is None:
            raise SqlError("over (rows …) needs an order by")
        if spec.find(exp.Interval):
            raise SqlError("range between intervals: order by unix_timestamp(…), in seconds")
        made.set("spec", spec.copy())
    return made


def ordered(key: exp.Ordered, node: exp.Expr) -> exp.Ordered:
    """A key of an order as Spark orders: null is smallest unless the query says otherwise."""
    desc = bool(key.args.get("desc"))
    first = key.args.get("nulls_first")
    return exp.Ordered(this=node, desc=desc, nulls_first=(not desc) if first is None else first)
