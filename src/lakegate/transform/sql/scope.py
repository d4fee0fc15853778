"""Which columns a query sees, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from lakegate.transform.sql.dialect import name
from lakegate.transform.sql.errors import SqlError, meant
from lakegate.transform.sql.faults import Faults
from lakegate.transform.sql.functions import INSTEAD
from lakegate.transform.sql.typed import Typed
from lakegate.transform.sql.types import Type

Columns = dict[str, Type]
Relations = Mapping[str, Mapping[str, Type] | None]  # None: what is wrong with it is told
NAMELESS = "?"  # before the place of a column without a name


@dataclass
class Scope:
    """One select: its sources by their names in it, and the select around it.

    `aliases` are the names that the select list has given so far, `shared` the columns of `using`
    with their types; `query` translates a query inside an expression.
    """

    query: Callable[[exp.Expr, Scope | None], tuple[exp.Expr, Columns]]
    relations: Relations
    faults: Faults
    parent: Scope | None = None
    sources: dict[str, Columns] = field(default_factory=dict)
    shared: Columns = field(default_factory=dict)
    aliases: Columns = field(default_factory=dict)
    given: frozenset[str] = frozenset()  # all names that the select list gives
    lent: list[exp.Column] = field(default_factory=list)  # of this, used by selects in brackets

    def column(self, node: exp.Column) -> Typed:
        """The column of a name. Raises SqlError that says which there are."""
        if node.args.get("db") or node.args.get("catalog"):
            raise SqlError(f"{node.sql()}: a field of a field; name it in the contract by `source`")
        wanted = node.name.lower()
        if node.table:
            return self._of(node)
        found = self._anywhere(node)
        if found is None:
            if wanted in INSTEAD:
                raise SqlError(f"{node.name} is not possible: {INSTEAD[wanted]}")
            seen = sorted({column for one in self._all() for column in one})
            told = f"there is no column {node.name}{meant(wanted, seen)}"
            raise SqlError(f"{told} There are {', '.join(seen)}")
        return found

    def alias(self, node: exp.Expr, *, first: bool) -> Typed | None:
        """What a bare name in `order by` or `group by` is, where it is one of the select list."""
        if not isinstance(node, exp.Column) or node.table or node.name.lower() not in self.aliases:
            return None
        wanted = node.name.lower()
        if not first and self._here(wanted) is not None:
            return None
        return Typed.of(exp.column(name(wanted)), self.aliases[wanted])

    def _of(self, node: exp.Column) -> Typed:
        source, wanted = node.table.lower(), node.name.lower()
        columns = self.sources.get(source)
        if columns is None:
            if self.parent is None:
                known = ", ".join(self.sources)
                raise SqlError(f"{source}.{wanted}: no relation is called {source} here; {known}")
            found = self.parent._of(node)
            self.parent.lent.append(node)
            return found
        if wanted not in columns:
            told = f"{source} has no column {wanted}{meant(wanted, columns)}"
            raise SqlError(f"{told} It has {', '.join(columns)}")
        return Typed.of(exp.column(name(wanted), table=name(source)), columns[wanted])

    def _anywhere(self, node: exp.Column) -> Typed | None:
        wanted = node.name.lower()
        found = self._here(wanted)
        if found is not None:
            return found
        if wanted in self.aliases:
            return Typed.of(exp.column(name(wanted)), self.aliases[wanted])
        if self.parent is None:
            return None
        found = self.parent._anywhere(node)
        if found is not None:
            self.parent.lent.append(node)
        return found

    def _here(self, wanted: str) -> Typed | None:
        holders = [source for source, columns in self.sources.items() if wanted in columns]
        if not holders:
            return None
        if wanted in self.shared:
            return Typed.of(exp.column(name(wanted)), self.shared[wanted])
        if len(holders) > 1:
            raise SqlError(
                f"{wanted} stands in {' and '.join(holders)}: write {holders[0]}.{wanted}"
            )
        table = name(holders[0]) if wanted in self.given else None
        return Typed.of(exp.column(name(wanted), table=table), self.sources[holders[0]][wanted])

    def _all(self) -> list[Columns]:
        above = self.parent._all() if self.parent else []
        return [*self.sources.values(), self.aliases, *above]
