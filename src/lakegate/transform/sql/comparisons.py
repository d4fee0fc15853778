"""Comparisons: two sides of one type, patterns, and what is null."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.typed import Typed, cast, template
from lakegate.transform.sql.types import (
    BOOLEAN,
    DATE,
    DOUBLE,
    STRING,
    TIMESTAMP,
    VOID,
    Type,
    common,
    is_narrower,
)

OPERATORS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)


def alike(left: Typed, right: Typed) -> tuple[Typed, Typed]:
    """Two sides of a comparison; a text in quotes is a date beside a date."""
    for kind in (DATE, TIMESTAMP):
        if left.kind == kind and right.kind == STRING and right.literal is not None:
            return left, instant(right.literal, kind)
        if right.kind == kind and left.kind == STRING and left.literal is not None:
            return instant(left.literal, kind), right
    kinds = {left.kind, right.kind} - {VOID}
    wider = common((left.kind, right.kind))
    if wider is None:
        raise SqlError(
            f"{left.kind} beside {right.kind} ({left.node.sql()}, {right.node.sql()}): "
            "write the cast that is meant"
        )
    if DOUBLE in kinds and any(kind.is_decimal for kind in kinds):
        return tuple(Typed.of(side.to(DOUBLE), DOUBLE) for side in (left, right))  # type: ignore[return-value]
    if wider.is_decimal and any(is_narrower(wider, side.kind) for side in (left, right)):
        return Typed.of(left.to(wider), wider), Typed.of(right.to(wider), wider)
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


def known(node: exp.Is, value: Typed) -> Typed:
    """`is null`, `is true`, `is false`."""
    if isinstance(node.expression, exp.Boolean):
        value.require(value.kind == BOOLEAN, "is true", "a condition")
    elif not isinstance(node.expression, exp.Null):
        raise SqlError(f"is: null, true or false, not {node.expression.sql()}")
    return Typed.of(template(f"{{0}} is {node.expression.sql()}", [value.node]), BOOLEAN)


def like(node: exp.Like, value: Typed, pattern: Typed) -> Typed:
    """A text beside a pattern in quotes."""
    for side in (value, pattern):
        side.require(side.kind == STRING, "like", "a text")
    if pattern.literal is None:
        raise SqlError("like: the pattern must be a text in quotes")
    if re.search(r"\\(?![%_\\])", pattern.literal.replace("\\\\", "")):
        raise SqlError("like: \\ stands before %, _ or another \\ only")
    escape = " escape '\\'" if "\\" in pattern.literal else ""
    negated = "not " if node.args.get("negate") else ""
    made = template(f"{{0}} {negated}like {{1}}{escape}", [value.node, pattern.node])
    return Typed.of(made, BOOLEAN)


def require_conjunct(node: exp.Expr) -> None:
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
