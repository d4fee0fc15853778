"""Expressions: Spark's tree to DuckDB's, with Spark's types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlglot import exp

from lakegate.transform.sql import calls, casts
from lakegate.transform.sql.dialect import line_of
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.functions import INSTEAD, unit
from lakegate.transform.sql.scope import Scope
from lakegate.transform.sql.typed import HUGEINT, Typed, cast, template
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
    result,
)

OPERATORS: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
}
NARROW = 18  # digits up to which DuckDB would count in 64 bits, and fail beyond
COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
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


def typed(node: exp.Expr, scope: Scope) -> Typed:
    """The expression for DuckDB. Raises SqlError for what the engines would not answer alike."""
    try:
        return _typed(node, scope)
    except SqlError as error:
        raise error.at(line_of(node)) from error


def _typed(node: exp.Expr, scope: Scope) -> Typed:  # noqa: PLR0911, PLR0912 - one per kind
    _require_known(node)
    match node:
        case exp.Column():
            return scope.column(node)
        case exp.Paren():
            inner = typed(node.this, scope)
            return Typed(exp.Paren(this=inner.node), inner.kind, inner.duck, inner.literal)
        case exp.Literal():
            return _literal(node)
        case exp.Null():
            return Typed.of(exp.null(), VOID)
        case exp.Boolean():
            return Typed.of(node.copy(), BOOLEAN)
        case exp.Neg():
            inner = typed(node.this, scope)
            _require(inner, inner.kind.is_numeric, "-", "a number")
            sign = None if inner.literal is None else f"-{inner.literal}"
            return Typed(exp.Neg(this=inner.node), inner.kind, inner.duck, sign)
        case exp.And() | exp.Or():
            sides = [condition(side, scope) for side in (node.left, node.right)]
            return Typed.of(type(node)(this=sides[0], expression=sides[1]), BOOLEAN)
        case exp.Not():
            return Typed.of(exp.Not(this=condition(node.this, scope)), BOOLEAN)
        case exp.IntDiv():
            return _div(node, scope)
        case exp.DPipe():
            sides = [casts.text(typed(side, scope)) for side in (node.left, node.right)]
            return Typed.of(template("{0} || {1}", sides), STRING)
        case exp.Is():
            return _is(node, scope)
        case exp.In():
            return _in(node, scope)
        case exp.Between():
            value, low, high = (typed(node.args[key], scope) for key in ("this", "low", "high"))
            (value, low), (_, high) = _alike(value, low), _alike(value, high)
            return Typed.of(exp.Between(this=value.node, low=low.node, high=high.node), BOOLEAN)
        case exp.Like():
            return _like(node, scope)
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
            return calls.call(node.name.lower(), [node.expression], scope, typed)
        case exp.If():
            given = [node.this, node.args["true"], node.args.get("false") or exp.null()]
            return calls.call("if", given, scope, typed)
        case exp.Anonymous() | exp.Window() | exp.Filter():
            return calls.called(node, scope, typed)
        case exp.Exists():
            return Typed.of(exp.Exists(this=scope.query(node.this, scope)[0]), BOOLEAN)
        case exp.Subquery() | exp.Select():
            return _scalar(node, scope)
        case exp.Alias():
            return typed(node.this, scope)
    if type(node) in OPERATORS:
        return _arithmetic(node, scope)
    if isinstance(node, COMPARISONS):
        left, right = _alike(typed(node.this, scope), typed(node.expression, scope))
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


def condition(node: exp.Expr, scope: Scope) -> exp.Expr:
    """An expression that must be a boolean."""
    found = typed(node, scope)
    _require(found, found.kind in (BOOLEAN, VOID), node.sql(dialect="spark")[:40], "a condition")
    return found.node


def _require(value: Typed, holds: bool, where: str, wanted: str) -> None:
    if not holds and value.kind != VOID:
        raise SqlError(f"{where}: {wanted} is needed, not {value.kind}")


def _literal(node: exp.Literal) -> Typed:
    text = str(node.this)
    if node.is_string:
        return Typed.of(exp.Literal.string(text), STRING, text)
    if "e" in text.lower():
        return Typed.of(node.copy(), DOUBLE, text)
    if "." in text:
        whole, _, fraction = text.partition(".")
        whole = whole.lstrip("0")
        kind = Type(
            "decimal", max(len((whole + fraction).lstrip("0")), len(fraction), 1), len(fraction)
        )
        shown = exp.Literal.number(f"{whole or '0'}.{fraction}")
        duck = Type("decimal", len(whole or "0") + len(fraction), len(fraction))
        return Typed(shown, kind, duck, text)
    value = int(text)
    if value < 2**31:
        return Typed.of(node.copy(), INT, text)
    if value < 2**63:
        return Typed.of(node.copy(), BIGINT, text)
    return Typed(node.copy(), Type("decimal", len(text), 0), Type("hugeint"), text)


def _arithmetic(node: exp.Expr, scope: Scope) -> Typed:
    operator = OPERATORS[type(node)]
    if isinstance(node.expression, exp.Interval):
        return _moved(node, operator, scope)
    left, right = typed(node.this, scope), typed(node.expression, scope)
    if left.kind == DATE and right.kind == INT and operator in "+-":
        return Typed.of(template(f"{{0}} {operator} {{1}}", [left.node, right.node]), DATE)
    if left.kind in (DATE, TIMESTAMP) or right.kind in (DATE, TIMESTAMP):
        raise SqlError(
            "days between: datediff(end, start); seconds: unix_timestamp(end) - unix_timestamp(…)"
        )
    for side in (left, right):
        _require(side, side.kind.is_numeric, operator, "a number")
    if VOID in (left.kind, right.kind):
        raise SqlError(f"{operator}: null has no type here; write cast(null as …)")
    divisor = right.node
    if operator in "/%" and not _is_never_zero(right):
        divisor = template("nullif({0}, 0)", [divisor])
    decimals = left.kind.is_decimal or right.kind.is_decimal
    if DOUBLE in (left.kind, right.kind) or not decimals:
        if operator == "/":
            kind: Type | None = DOUBLE
        else:
            kind = common((left.kind, right.kind))
        assert kind is not None
        sides = [
            left.to(DOUBLE) if kind == DOUBLE and left.kind.is_decimal else left.settled,
            divisor,
        ]
        return Typed.of(template(f"{{0}} {operator} {{1}}", sides), kind)
    one, other = left.as_decimal, right.as_decimal
    kind = result(operator, one, other)
    if operator == "/":
        return _divided(left, right, one, other, kind)
    if operator == "*" and one.scale + other.scale > 38:
        raise SqlError("*: more than 38 digits behind the point; cast one side to fewer")
    sides = [left.node, divisor]
    if operator != "%" and (kind.precision > NARROW or not left.kind.is_decimal):
        sides[0] = cast(left.node, Type("decimal", max(kind.precision, one.precision), one.scale))
    return Typed(template(f"{{0}} {operator} {{1}}", sides), kind, Type("?"))


def _is_never_zero(value: Typed) -> bool:
    if value.literal is not None:
        return bool(value.literal.strip("-0."))
    node = value.node
    return isinstance(node, exp.Nullif) and node.expression.sql() == "0"


def _divided(left: Typed, right: Typed, one: Type, other: Type, kind: Type) -> Typed:
    """An exact quotient: whole numbers of the smallest units, divided half up."""
    shift = kind.scale + other.scale - one.scale
    number, parts = _unscaled(left, one), _unscaled(right, other)
    made = template(f"divided({{0}} * {10**shift}, {{1}}) * {unit(kind)}", [number, parts])
    return Typed(made, kind, Type("?"))


def _unscaled(value: Typed, kind: Type) -> exp.Expr:
    """How many of its smallest units a decimal is."""
    if not kind.scale:
        return cast(value.node, HUGEINT)
    wide = cast(value.settled, Type("decimal", 38, kind.scale))
    return template(f"cast({{0}} * {10**kind.scale} as hugeint)", [wide])


def _div(node: exp.IntDiv, scope: Scope) -> Typed:
    left, right = typed(node.this, scope), typed(node.expression, scope)
    for side in (left, right):
        _require(side, side.kind.is_integral, "div", "an integer")
    made = template("{0} // nullif({1}, 0)", [left.settled, right.settled])
    return Typed(made, BIGINT, common((left.kind, right.kind)) or BIGINT)


def _moved(node: exp.Expr, operator: str, scope: Scope) -> Typed:
    """A date or an instant, so much later or earlier."""
    left, interval = typed(node.this, scope), node.expression
    amount = interval.this
    name = (interval.text("unit") or "").lower().rstrip("s")
    if operator not in "+-" or name not in UNITS or not isinstance(amount, exp.Literal):
        raise SqlError(f"interval: write + or - interval 1 day (or {', '.join(UNITS)})")
    _require(left, left.kind in (DATE, TIMESTAMP), operator, "a date or timestamp")
    made = template(f"{{0}} {operator} interval {int(amount.this)} {name}", [left.node])
    is_date = left.kind == DATE and name in ("year", "month", "week", "day")
    return Typed(
        made, DATE if is_date else TIMESTAMP, left.kind if left.kind == TIMESTAMP else Type("?")
    )


def _alike(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Two sides of a comparison; a text in quotes is a date beside a date."""
    for kind in (DATE, TIMESTAMP):
        if left.kind == kind and right.kind == STRING and right.literal is not None:
            return left, instant(right.literal, kind)
        if right.kind == kind and left.kind == STRING and left.literal is not None:
            return instant(left.literal, kind), right
    kinds = {left.kind, right.kind} - {VOID}
    if common((left.kind, right.kind)) is None:
        raise SqlError(
            f"{left.kind} beside {right.kind} ({left.node.sql()}, {right.node.sql()}): "
            "write the cast that is meant"
        )
    if DOUBLE in kinds and any(kind.is_decimal for kind in kinds):
        return tuple(Typed.of(side.to(DOUBLE), DOUBLE) for side in (left, right))  # type: ignore[return-value]
    return left, right


def instant(text: str, kind: Type) -> Typed:
    """A date or instant in quotes; its own type decides how it is written."""
    try:
        if kind == DATE and len(text) == 10:
            return Typed.of(
                cast(exp.Literal.string(date.fromisoformat(text).isoformat()), DATE), DATE
            )
        found = datetime.fromisoformat(text)
        if kind == TIMESTAMP and found.tzinfo is None and len(text) in (10, 19, 23, 26):
            return Typed.of(cast(exp.Literal.string(found.isoformat(" ")), TIMESTAMP), TIMESTAMP)
    except ValueError:
        pass
    example = "2026-01-31" if kind == DATE else "2026-01-31 12:00:00"
    raise SqlError(f"{text!r} is no {kind}: write it as '{example}'")


def _is(node: exp.Is, scope: Scope) -> Typed:
    value = typed(node.this, scope)
    if isinstance(node.expression, exp.Boolean):
        _require(value, value.kind == BOOLEAN, "is true", "a condition")
    elif not isinstance(node.expression, exp.Null):
        raise SqlError(f"is: null, true or false, not {node.expression.sql()}")
    return Typed.of(template(f"{{0}} is {node.expression.sql()}", [value.node]), BOOLEAN)


def _in(node: exp.In, scope: Scope) -> Typed:
    value = typed(node.this, scope)
    query = node.args.get("query")
    if query is not None:
        _require_conjunct(node)
        inner = query.this if isinstance(query, exp.Subquery) else query
        made, columns = scope.query(inner, scope)
        if len(columns) != 1 or common((value.kind, *columns.values())) is None:
            raise SqlError(f"in (select …): one column of {value.kind} is needed")
        return Typed.of(exp.In(this=value.node, query=exp.Subquery(this=made)), BOOLEAN)
    items = [_alike(value, typed(item, scope)) for item in node.expressions]
    if not items:
        raise SqlError("in: a list of values or a select is needed")
    return Typed.of(
        exp.In(this=items[0][0].node, expressions=[item.node for _, item in items]), BOOLEAN
    )


def _require_conjunct(node: exp.Expr) -> None:
    """A value that may be null is looked for in a query by `where` alone, joined by `and`."""
    above = node.parent
    if isinstance(above, exp.Not):
        above = above.parent
    while isinstance(above, (exp.And, exp.Paren)):
        above = above.parent
    if not isinstance(above, exp.Where):
        raise SqlError(
            "in (select …) can only stand in where, joined by and: use exists, or a join"
        )


def _like(node: exp.Like, scope: Scope) -> Typed:
    value, pattern = typed(node.this, scope), typed(node.expression, scope)
    for side in (value, pattern):
        _require(side, side.kind == STRING, "like", "a text")
    if pattern.literal is None:
        raise SqlError("like: the pattern must be a text in quotes")
    escape = " escape '\\'" if "\\" in pattern.literal else ""
    negated = "not " if node.args.get("negate") else ""
    made = template(f"{{0}} {negated}like {{1}}{escape}", [value.node, pattern.node])
    return Typed.of(made, BOOLEAN)


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
            when = _alike(subject, typed(branch.this, scope))[1].node
        branches.append(exp.If(this=when, true=value.to(kind)))
    last = values[-1].to(kind) if default is not None else None
    made = exp.Case(this=subject.node if subject else None, ifs=branches, default=last)
    return Typed.of(made, kind)


def _scalar(node: exp.Expr, scope: Scope) -> Typed:
    inner = node.this if isinstance(node, exp.Subquery) else node
    made, columns = scope.query(inner, scope)
    if len(columns) != 1:
        raise SqlError("a select in brackets gives one column")
    return Typed.of(exp.Subquery(this=made), next(iter(columns.values())))


Recur = Callable[[exp.Expr, Scope], Typed]
