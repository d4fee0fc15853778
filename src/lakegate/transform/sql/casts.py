"""Casts: what Spark makes of a value of another type, in DuckDB's words."""

from __future__ import annotations

from sqlglot import exp

from lakegate.transform.sql.comparisons import instant
from lakegate.transform.sql.errors import SqlError
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
    parse,
)

TRUE, FALSE = "'t', 'true', 'y', 'yes', '1'", "'f', 'false', 'n', 'no', '0'"


def typed(node: exp.Expr, value: Typed) -> Typed:
    """A cast as a person wrote it. Raises SqlError for one that the engines do differently."""
    kind = target(node.args["to"])
    if value.kind == VOID:
        return Typed.of(cast(exp.null(), kind), kind)
    if value.kind == STRING and value.literal is not None and kind in (DATE, TIMESTAMP):
        return instant(value.literal, kind)
    if kind == STRING:
        return Typed.of(text(value), STRING)
    return Typed.of(_made(value, kind), kind)


def target(to: exp.Expr) -> Type:
    """The type that a cast names."""
    shown = to.sql(dialect="spark").lower().replace(" ", "")
    found = {"decimal": "decimal(10,0)", "integer": "int", "long": "bigint"}.get(shown, shown)
    return parse(found)


def text(value: Typed) -> exp.Expr:
    """A value as text. Raises SqlError where the engines write it differently."""
    kind = value.kind
    if kind in (STRING, VOID):
        return value.node
    if kind == DOUBLE or kind.scale > 6:
        raise SqlError(
            f"{kind} as text is written differently: cast it to decimal(p,6) or less first"
        )
    if kind.is_decimal and kind.precision == kind.scale:  # of which DuckDB writes `.5`
        return cast(value.to(Type("decimal", kind.precision + 1, kind.scale)), STRING)
    if kind == TIMESTAMP:
        return template("cast(cast({0} as timestamp) as varchar)", [value.settled])
    return cast(value.settled, STRING)


def _made(value: Typed, kind: Type) -> exp.Expr:  # noqa: PLR0911 - one per pair
    given, node = value.kind, value.settled
    if given == kind:
        return node
    if given == STRING:
        return _read(value, kind)
    if given.is_numeric and kind.is_integral:
        whole = node if given.is_integral else template("trunc({0})", [node])
        return cast(whole, kind)
    if given == DOUBLE and kind.is_decimal:
        # Of `5e-07`, DuckDB wants room for the digit that stands before the exponent.
        wide = cast(cast(node, STRING), Type("decimal", 38, kind.scale), safe=True)
        return cast(wide, kind, safe=True)
    if given.is_numeric and kind.is_decimal:
        grows = kind.precision - kind.scale >= given.precision - given.scale
        return cast(node, kind, safe=not (given.is_decimal and grows and kind.scale <= given.scale))
    if given.is_numeric and kind == DOUBLE:
        return cast(node, kind)
    if {given, kind} == {DATE, TIMESTAMP}:
        return cast(node, kind)
    if given == BOOLEAN and (kind.is_integral or kind == DOUBLE):
        return cast(node, kind)
    if given.is_numeric and kind == BOOLEAN:
        return template("{0} <> 0", [node])
    raise SqlError(f"cast of {given} to {kind} is not possible on both engines")


def _read(value: Typed, kind: Type) -> exp.Expr:
    """A text as another type; null where it is none."""
    if kind in (DATE, TIMESTAMP):
        raise SqlError(
            f"text as {kind} is read differently: declare the column as {kind} in the contract"
        )
    if kind == BOOLEAN:
        word = template("word_in({0})", [value.node])
        return template(
            f"case when {{0}} in ({TRUE}) then true when {{0}} in ({FALSE}) then false end", [word]
        )
    if kind == DOUBLE:
        return template("double_in({0})", [value.node])
    if kind in (INT, BIGINT):
        return cast(template("whole_in({0})", [value.node]), kind, safe=True)
    # With an exponent, DuckDB wants room for the digits that stand before it.
    wide = cast(
        template("number_in({0})", [value.node]), Type("decimal", 38, kind.scale), safe=True
    )
    return cast(wide, kind, safe=True)
