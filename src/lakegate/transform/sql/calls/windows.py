"""Windows, and the order in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from lakegate.transform.sql.arithmetic import UNITS
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import Function
from lakegate.transform.sql.scope import Scope
from lakegate.transform.sql.typed import Typed
from lakegate.transform.sql.types import DATE, TIMESTAMP, Type

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
    given = order.expressions if order is not None else []
    values = [typed(key.this, scope) for key in given]
    if given:
        keys = [ordered(key, value.node) for key, value in zip(given, values, strict=True)]
        made.set("order", exp.Order(expressions=keys))
    spec = window.args.get("spec")
    if spec is not None:
        _require_frame(spec, [value.kind for value in values])
        made.set("spec", spec.copy())
    return made


def _require_frame(spec: exp.WindowSpec, kinds: Sequence[Type]) -> None:
    """Raises SqlError for a frame that the engines do not take over keys of these types."""
    bounds = [spec.args.get(side) for side in ("start", "end")]
    if not kinds and bounds != ["UNBOUNDED", "UNBOUNDED"]:
        raise SqlError("over (rows …) needs an order by")
    for bound in bounds:
        if isinstance(bound, exp.Expr) and bound.find(exp.Interval):
            _require_interval(spec, bound, kinds)


def _require_interval(spec: exp.WindowSpec, bound: exp.Expr, kinds: Sequence[Type]) -> None:
    """Raises SqlError for an interval that does not bound the frame on both engines."""
    if spec.text("kind").lower() != "range" or len(kinds) != 1:
        raise SqlError("an interval stands in range between, over one key of an order by")
    if kinds[0] not in (DATE, TIMESTAMP):
        raise SqlError(f"range between intervals: a timestamp is needed, not {kinds[0]}")
    unit = bound.text("unit").lower().removesuffix("s")
    if unit not in UNITS or not bound.name.isdecimal():
        raise SqlError(f"range between: write interval 1 day (or {', '.join(UNITS)})")
    if kinds[0] == DATE and unit not in ("year", "month"):
        raise SqlError("range between intervals of days: of a date write 6 preceding")


def ordered(key: exp.Ordered, node: exp.Expr) -> exp.Ordered:
    """A key of an order as Spark orders: null is smallest unless the query says otherwise."""
    desc = bool(key.args.get("desc"))
    first = key.args.get("nulls_first")
    return exp.Ordered(this=node, desc=desc, nulls_first=(not desc) if first is None else first)
