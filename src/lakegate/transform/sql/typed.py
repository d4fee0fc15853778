"""An expression in both engines' eyes: DuckDB's tree and Spark's type."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.types import BIGINT, DOUBLE, INT, STRING, Type, as_decimal, is_narrower

HUGEINT = Type("hugeint")
# What stands in quotes is text, `{1}` in it too.
PLACES = re.compile(r"'(?:[^']|'')*'|\{(\d+)\}|\{\*\}")
DUCKDB = {"string": "varchar", "timestamp": "timestamptz", "void": "int"}


@dataclass(frozen=True)
class Typed:
    """`node` is DuckDB's, `kind` Spark's type, `duck` what DuckDB makes of the node."""

    node: exp.Expr
    kind: Type
    duck: Type
    literal: str | None = None  # of a constant: its text

    @classmethod
    def of(cls, node: exp.Expr, kind: Type, literal: str | None = None) -> Typed:
        """An expression that both engines give the same type."""
        return cls(node, kind, kind, literal)

    def require(self, holds: bool, where: str, wanted: str) -> None:
        """Raises SqlError unless it holds; null is of any type."""
        if not holds and self.kind.name != "void":
            raise SqlError(f"{where}: {wanted} is needed, not {self.kind}")

    @property
    def settled(self) -> exp.Expr:
        """The node, cast where DuckDB would give it another type."""
        return self.node if self.duck == self.kind else cast(self.node, self.kind)

    def to(self, kind: Type) -> exp.Expr:
        """The node as another type; null where a decimal has more digits before the point."""
        if self.duck == kind or self.kind.name == "void":
            return self.node
        if self.literal is not None and self.duck == INT and kind == BIGINT:
            return self.node
        return cast(self.node, kind, safe=is_narrower(kind, self.kind))

    @property
    def as_decimal(self) -> Type:
        """What it counts as among decimals; an integer constant has the digits it is written in."""
        if self.literal is not None and self.kind.is_integral:
            return Type("decimal", len(self.literal.lstrip("-0")) or 1, 0)
        return as_decimal(self.kind)


def cast(node: exp.Expr, kind: Type, *, safe: bool = False) -> exp.Expr:
    """A cast of a DuckDB tree; a safe one gives null for what does not fit."""
    text = DUCKDB.get(kind.name, str(kind))
    to = exp.DataType.build(text, dialect="duckdb")
    return (exp.TryCast if safe else exp.Cast)(this=node.copy(), to=to)


def template(text: str, nodes: Sequence[exp.Expr]) -> exp.Expr:
    """The DuckDB tree of a text in which `{0}`, `{1}`, … stand for nodes and `{*}` for all."""
    every = ", ".join(f"arg_{index}" for index in range(len(nodes)))

    def place(part: re.Match[str]) -> str:
        return f"arg_{part[1]}" if part[1] else every if part[0] == "{*}" else part[0]

    def filled(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name.startswith("arg_"):
            found = nodes[int(node.name.removeprefix("arg_"))].copy()
            return exp.Paren(this=found) if _binds_less(found, node.parent) else found
        return node

    return _parsed(PLACES.sub(place, text)).copy().transform(filled)


def _binds_less(node: exp.Expr, parent: exp.Expr | None) -> bool:
    return isinstance(node, (exp.Binary, exp.Case, exp.Neg, exp.Not, exp.Between)) and isinstance(
        parent, (exp.Binary, exp.Unary, exp.Is, exp.In, exp.Between, exp.Neg)
    )


@cache
def _parsed(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="duckdb")


Gives = Callable[[Sequence[Type]], Type]


def negative(node: exp.Literal) -> Typed:
    """A constant below nought: the smallest integers are one further from it than the largest."""
    value = literal(node)
    kind = value.kind
    if str(node.this) in (str(2**31), str(2**63)):
        kind = INT if kind == BIGINT else BIGINT
    return Typed(exp.Neg(this=value.node), kind, value.duck, f"-{value.literal}")


def literal(node: exp.Literal) -> Typed:
    """A constant, with the digits that it is written in."""
    text = str(node.this)
    if node.is_string:
        return Typed.of(exp.Literal.string(text), STRING, text)
    if "e" in text.lower():
        if float(text) == float("inf"):
            raise SqlError(f"{text} is more than a double can hold")
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
