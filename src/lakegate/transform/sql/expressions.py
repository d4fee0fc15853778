"""Expressions: Spark's tree to DuckDB's, with Spark's types."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from lakegate.transform.sql import arithmetic, calls, casts, comparisons, correlated
from lakegate.transform.sql.dialect import line_of
from lakegate.transform.sql.errors import SqlError, UntoldError
from lakegate.transform.sql.functions import INSTEAD
from lakegate.transform.sql.scope import Scope
from lakegate.transform.sql.typed import Typed, literal, negative, template
from lakegate.transform.sql.types import BOOLEAN, STRING, UNKNOWN, VOID, common

PARTS: dict[type[exp.Expr], set[str]] = {
    exp.Column: {"table", "db", "catalog"},
    exp.Literal: {"is_string"},
    exp.In: {"query", "expressions"},
    exp.Between: {"low", "high"},
    exp.Case: {"ifs", "default"},
    exp.Cast: {"to"},
    exp.TryCast: {"to", "safe"},
    exp.If: {"true", "false"},
    exp.Like: {"negate"},
    exp.Anonymous: {"expressions"},
    exp.Window: {"partition_by", "order", "spec", "over", "alias"},
    exp.Subquery: set(),
    exp.Alias: {"alias"},
    exp.Div: {"typed", "safe"},
    exp.DPipe: {"safe"},
}


# Beside these, Spark and the parser see other operands where no brackets stand.
LOOSE = (exp.Like, exp.In, exp.Between, exp.RegexpLike, exp.Not, exp.Is)


def typed(node: exp.Expr, scope: Scope) -> Typed:
    """The expression for DuckDB. Raises SqlError for what the engines would not answer alike."""
    try:
        found = _typed(node, scope)
    except SqlError as error:
        raise error.at(line_of(node)) from error
    if found.kind == UNKNOWN:
        raise UntoldError
    return found


def _typed(node: exp.Expr, scope: Scope) -> Typed:  # noqa: PLR0911, PLR0912, PLR0915 - one per kind
    _require_known(node)
    match node:
        case exp.Column():
            return scope.column(node)
        case exp.Paren():
            inner = typed(node.this, scope)
            return Typed(exp.Paren(this=inner.node), inner.kind, inner.duck, inner.literal)
        case exp.Literal():
            return literal(node)
        case exp.Null():
            return Typed.of(exp.null(), VOID)
        case exp.Boolean():
            return Typed.of(node.copy(), BOOLEAN)
        case exp.Neg():
            if isinstance(node.this, exp.Literal) and not node.this.is_string:
                return negative(node.this)
            inner = typed(node.this, scope)
            inner.require(inner.kind.is_numeric, "-", "a number")
            return Typed(exp.Neg(this=inner.node), inner.kind, inner.duck)
        case exp.And() | exp.Or():
            sides = [condition(side, scope, True) for side in (node.left, node.right)]
            return Typed.of(type(node)(this=sides[0], expression=sides[1]), BOOLEAN)
        case exp.Not():
            return Typed.of(exp.Not(this=condition(node.this, scope, True)), BOOLEAN)
        case exp.IntDiv():
            return arithmetic.whole(typed(node.left, scope), typed(node.right, scope))
        case exp.DPipe():
            if isinstance(node.right, (exp.Add, exp.Sub)):
                raise SqlError("|| and + or - beside each other: write brackets")
            sides = [casts.text(typed(side, scope)) for side in (node.left, node.right)]
            return Typed.of(template("{0} || {1}", sides), STRING)
        case exp.Is():
            return comparisons.known(node, typed(node.this, scope))
        case exp.In():
            return _in(node, scope)
        case exp.Between():
            value, low, high = (typed(node.args[key], scope) for key in ("this", "low", "high"))
            (value, low), (_, high) = comparisons.alike(value, low), comparisons.alike(value, high)
            return Typed.of(exp.Between(this=value.node, low=low.node, high=high.node), BOOLEAN)
        case exp.Like():
            return comparisons.like(node, typed(node.this, scope), typed(node.expression, scope))
        case exp.Concat():
            raise SqlError("two texts beside each other: for a quote in a text write \\'")
        case exp.Escape(this=exp.Like()):
            raise SqlError("like … escape: write \\\\ before a % or _ that is meant")
        case exp.RegexpLike():
            return calls.call("rlike", [node.this, node.expression], scope, typed)
        case exp.Case():
            return _case(node, scope)
        case exp.TryCast() if node.args.get("safe"):
            raise SqlError(f"try_cast is not possible: {INSTEAD['try_cast']}")
        case exp.Cast() | exp.TryCast():
            return casts.typed(node, typed(node.this, scope))
        case exp.Extract():
            if node.name.lower() == "second":
                raise SqlError("extract(second …) has a fraction: use second()")
            return calls.call(node.name.lower(), [node.expression], scope, typed)
        case exp.If():
            given = [node.args[part] for part in ("this", "true", "false") if node.args.get(part)]
            return calls.call("if", given, scope, typed)
        case exp.Anonymous() | exp.Window() | exp.Filter():
            return calls.called(node, scope, typed)
        case exp.Exists():
            return _exists(node, scope)
        case exp.Subquery() | exp.Select():
            return _scalar(node, scope)
        case exp.Alias():
            return typed(node.this, scope)
    if type(node) in arithmetic.OPERATORS:
        operator, left = arithmetic.OPERATORS[type(node)], typed(node.this, scope)
        if isinstance(node.expression, exp.Interval):
            return arithmetic.moved(left, operator, node.expression)
        return arithmetic.made(operator, left, typed(node.expression, scope))
    if isinstance(node, comparisons.OPERATORS):
        if isinstance(node.left, LOOSE) or isinstance(node.right, LOOSE):
            raise SqlError(f"{node.sql(dialect='spark')[:60]}: write brackets around one condition")
        left, right = comparisons.alike(typed(node.this, scope), typed(node.expression, scope))
        return Typed.of(type(node)(this=left.node, expression=right.node), BOOLEAN)
    instead = INSTEAD.get(node.key, "")
    shown = node.sql(dialect="spark")[:60]
    raise SqlError(
        f"{node.key} is not possible: {instead}" if instead else f"not possible: {shown}"
    )


def _require_known(node: exp.Expr) -> None:
    """Refuses what the grammar has beside the parts that are translated here."""
    if isinstance(node, exp.Query) and not isinstance(node, exp.Subquery):
        return
    known = PARTS.get(type(node), set()) | {"this", "expression"}
    for key, value in node.args.items():
        if value and key not in known and not key.startswith("_"):
            raise SqlError(f"{node.sql(dialect='spark')[:60]}: {key} is not possible")


def condition(node: exp.Expr, scope: Scope, or_null: bool = False) -> exp.Expr:
    """An expression that must be a boolean; a bare null is one beside `and`, `or`, `not` alone."""
    found = typed(node, scope)
    if found.kind != BOOLEAN and not (or_null and found.kind == VOID):
        shown = node.sql(dialect="spark")[:40]
        raise SqlError(f"{shown}: a condition is needed, not {found.kind}")
    return found.node


def _in(node: exp.In, scope: Scope) -> Typed:
    value = typed(node.this, scope)
    query = node.args.get("query")
    if query is not None:
        comparisons.require_conjunct(node)
        inner = query.this if isinstance(query, exp.Subquery) else query
        made, columns = scope.query(inner, scope)
        if len(columns) != 1 or common((value.kind, *columns.values())) is None:
            raise SqlError(f"in (select …): one column of {value.kind} is needed")
        return Typed.of(exp.In(this=value.node, query=exp.Subquery(this=made)), BOOLEAN)
    items = [comparisons.alike(value, typed(item, scope)) for item in node.expressions]
    if not items:
        raise SqlError("in: a list of values or a select is needed")
    return Typed.of(
        exp.In(this=items[0][0].node, expressions=[item.node for _, item in items]), BOOLEAN
    )


def _case(node: exp.Case, scope: Scope) -> Typed:
    subject = typed(node.this, scope) if node.this else None
    default = node.args.get("default")
    values = [typed(branch.args["true"], scope) for branch in node.args["ifs"]]
    values += [typed(default, scope)] if default is not None else []
    kind = common(value.kind for value in values)
    if kind is None:
        shown = ", ".join(sorted({str(value.kind) for value in values}))
        raise SqlError(f"case: its values are of different types ({shown}): cast them to one")
    branches = []
    for branch, value in zip(node.args["ifs"], values, strict=False):
        if subject is None:
            when = condition(branch.this, scope)
        else:
            when = comparisons.alike(subject, typed(branch.this, scope))[1].node
        branches.append(exp.If(this=when, true=value.to(kind)))
    last = values[-1].to(kind) if default is not None else None
    made = exp.Case(this=subject.node if subject else None, ifs=branches, default=last)
    return Typed.of(made, kind)


def _exists(node: exp.Exists, scope: Scope) -> Typed:
    scope.lent = []
    made, _ = scope.query(node.this, scope)
    if scope.lent:
        correlated.require_place(node)
    return Typed.of(exp.Exists(this=made), BOOLEAN)


def _scalar(node: exp.Expr, scope: Scope) -> Typed:
    inner = node.this if isinstance(node, exp.Subquery) else node
    if isinstance(inner, exp.Subquery):
        return typed(inner, scope)
    scope.lent = []
    made, columns = scope.query(inner, scope)
    if scope.lent:
        correlated.require_possible(inner, scope.lent)
    if len(columns) != 1:
        raise SqlError("a select in brackets gives one column")
    return Typed.of(exp.Subquery(this=made), next(iter(columns.values())))


Recur = Callable[[exp.Expr, Scope], Typed]
