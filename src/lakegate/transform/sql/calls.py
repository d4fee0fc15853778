"""Calls of functions, alone, over a window or with a filter."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence

from sqlglot import exp

from lakegate.transform.sql import casts
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import INSTEAD, TABLE, Function
from lakegate.transform.sql.functions.numbers import places_of, rounded
from lakegate.transform.sql.scope import Scope
from lakegate.transform.sql.typed import Typed, cast, template
from lakegate.transform.sql.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INT,
    STRING,
    TIMESTAMP,
    VOID,
    Type,
    common,
    parse,
)

Recur = Callable[[exp.Expr, Scope], Typed]
Dress = Callable[[exp.Expr], exp.Expr]
CASTS = ("int", "bigint", "double", "string", "boolean")  # Spark calls casts by their types
NEEDED: dict[str, Callable[[Type], bool]] = {
    "string": lambda kind: kind == STRING,
    "boolean": lambda kind: kind == BOOLEAN,
    "integer": lambda kind: kind.is_integral,
    "number": lambda kind: kind.is_numeric,
    "double": lambda kind: kind.is_numeric,
    "date": lambda kind: kind in (DATE, TIMESTAMP),
    "timestamp": lambda kind: kind in (DATE, TIMESTAMP),
    "any": lambda _: True,
    "same": lambda _: True,
    "text": lambda _: True,
    "constant": lambda _: True,
    "unit": lambda _: True,
}


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
            inner = exp.Filter(this=inner, expression=exp.Where(this=where.node))
        return inner if over is None else _over(over, inner, scope, typed)

    name = str(node.this).lower()
    if name in CASTS and len(node.expressions) == 1:
        to = exp.DataType.build(name, dialect="spark")
        made = exp.Cast(this=node.expressions[0], to=to)
        return casts.typed(made, typed(made.this, scope))
    function = TABLE.get(name)
    if function and function.window and over is None:
        raise SqlError(f"{name}() needs over (…)")
    if (over or filtered) and not (name == "count" or (function and function.aggregate)):
        raise SqlError(f"{name}() is no function over many rows")
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
    kinds, nodes = _arguments(function, values)
    constants = [value.literal for value in values]
    text = (
        function.duckdb if isinstance(function.duckdb, str) else function.duckdb(kinds, constants)
    )
    made = template(text, nodes).transform(lambda part: _aggregate(part, distinct, dress))
    kind = _kind(function, values, kinds)
    return Typed(made, kind, _duck(function, values, kinds, kind))


def _arguments(function: Function, values: Sequence[Typed]) -> tuple[list[Type], list[exp.Expr]]:
    wanted = [word for word in function.takes.split(", ") if word]
    least = sum(not word.endswith(("?", "…")) for word in wanted)
    if wanted and wanted[-1].endswith("…"):
        wanted = wanted[:-1] + [wanted[-1][:-1]] * max(0, len(values) - least)
    if not least <= len(values) <= len(wanted):
        raise SqlError(f"{function.name}({function.takes}): not {len(values)} arguments")
    words = [word.rstrip("?") for word in wanted[: len(values)]]
    for place, (word, value) in enumerate(zip(words, values, strict=True), 1):
        if word == "constant" and value.literal is None:
            raise SqlError(f"{function.name}: argument {place} must be a constant")
        if value.kind != VOID and not NEEDED[word](value.kind):
            raise SqlError(f"{function.name}: argument {place} must be {word}, not {value.kind}")
    same = common(value.kind for word, value in zip(words, values, strict=True) if word == "same")
    if same is None:
        shown = ", ".join(str(value.kind) for value in values)
        raise SqlError(
            f"{function.name}: the values are of different types ({shown}): cast them to one"
        )
    kinds, nodes = [], []
    for word, value in zip(words, values, strict=True):
        kind, node = value.kind, value.settled
        if word == "same" and not (
            same.is_decimal and kind.is_integral and value.literal is not None
        ):
            kind, node = same, value.to(same)
        elif word == "same":
            kind, node = same, value.node
        elif word == "double":
            kind, node = DOUBLE, value.node if kind.is_integral else value.to(DOUBLE)
        elif word in ("date", "timestamp") and kind != VOID:
            kind = Type(word)
            node = value.settled if value.kind == kind else cast(value.settled, kind)
        elif word == "text":
            kind, node = STRING, casts.text(value)
        kinds.append(kind)
        nodes.append(node)
    return kinds, nodes


def _kind(function: Function, values: Sequence[Typed], kinds: Sequence[Type]) -> Type:
    if callable(function.gives):
        return function.gives(kinds)
    match function.gives:
        case "same" if "same" not in function.takes:
            return kinds[0]
        case "same":
            words = function.takes.replace("…", "").split(", ")
            return kinds[words.index("same")]
        case "first":
            return values[0].kind
        case "round":
            return rounded(kinds[0], places_of([value.literal for value in values]))
    return parse(function.gives)


def _duck(function: Function, values: Sequence[Typed], kinds: Sequence[Type], kind: Type) -> Type:
    """What DuckDB gives; `?` where it is not known, so that it is cast."""
    match function.duck:
        case "":
            return kind
        case "sum":
            return kind if kind == DOUBLE else Type("?")
        case "avg":
            return kind if kind == DOUBLE else Type("?")
        case "?":
            plain = all(
                value.duck in (kind, VOID) or kind == BIGINT
                for value in values
                if value.kind in kinds
            )
            return (
                kind
                if plain and not kind.is_decimal
                else kind
                if all(value.duck == kind for value in values)
                else Type("?")
            )
    return Type(function.duck)


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


def _over(window: exp.Window, inner: exp.Expr, scope: Scope, typed: Recur) -> exp.Expr:
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


def _unknown(name: str) -> str:
    instead = INSTEAD.get(name)
    if instead:
        return f"{name}() is not possible: {instead}"
    near = difflib.get_close_matches(name, TABLE, 1)
    meant = f"; {near[0]}() is meant?" if near else "."
    return (
        f"{name}() is not among the functions that both engines answer alike{meant} See docs/sql.md"
    )


__all__ = ["INT", "TIMESTAMP", "call", "called", "ordered"]
