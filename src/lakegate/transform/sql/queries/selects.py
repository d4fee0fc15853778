"""Selects: their parts, each by itself, and what stands together by `with` and `union`."""

from __future__ import annotations

from sqlglot import exp

from lakegate.transform.sql.calls.windows import ordered
from lakegate.transform.sql.dialect import name
from lakegate.transform.sql.errors import SqlError, UntoldError
from lakegate.transform.sql.expressions import condition, typed
from lakegate.transform.sql.faults import Faults
from lakegate.transform.sql.queries import sources, unions
from lakegate.transform.sql.scope import NAMELESS, Columns, Relations, Scope
from lakegate.transform.sql.types import UNKNOWN

KNOWN = {
    "with_", "expressions", "from_", "joins", "where", "group", "having", "order", "limit",
    "distinct", "kind", "hint", "operation_modifiers",
}  # fmt: skip


def query(
    tree: exp.Expr, relations: Relations, parent: Scope | None, faults: Faults
) -> tuple[exp.Expr, Columns]:
    """The query for DuckDB and its columns, `unknown` where a fault leaves it open."""
    if isinstance(tree, exp.Subquery) and not tree.alias:
        made, columns = query(tree.this, relations, parent, faults)
        return exp.Subquery(this=made), columns
    relations, ctes = _with(tree, relations, parent, faults)
    scope = Scope(
        lambda node, inner: query(node, relations, inner, faults), relations, faults, parent
    )
    if isinstance(tree, exp.Select):
        made = _select(tree, scope)
    elif isinstance(tree, exp.SetOperation):
        made = _both(tree, scope)
    else:
        raise SqlError(f"{tree.key} is not possible: write a select")
    with faults.part(tree):
        _ended(tree, scope, made)
    if ctes:
        made.set("with_", exp.With(expressions=ctes))
    return made, dict(scope.aliases)


def _with(
    tree: exp.Expr, relations: Relations, parent: Scope | None, faults: Faults
) -> tuple[Relations, list[exp.Expr]]:
    clause = tree.args.get("with_")
    if clause is None:
        return relations, []
    if clause.args.get("recursive"):
        raise SqlError("with recursive is not possible")
    seen = dict(relations)
    made: list[exp.Expr] = []
    for cte in clause.expressions:
        alias, columns = cte.args["alias"], None
        with faults.part(cte):
            inner, found = query(cte.this, seen, parent, faults)
            if alias.columns:
                raise SqlError(f"with {alias.name}(…): name the columns in its select")
            columns = sources.named(found, f"with {alias.name}")
            made.append(exp.CTE(this=inner, alias=exp.TableAlias(this=name(alias.name))))
        seen[alias.name.lower()] = columns
    return seen, made


def _select(tree: exp.Select, scope: Scope) -> exp.Expr:
    part, made = scope.faults.part, exp.Select()
    for key, value in tree.args.items():
        if value and key not in KNOWN:
            raise SqlError(sources.INSTEAD.get(key, f"{key} is not possible"))
    named = (item.alias.lower() for item in tree.expressions if isinstance(item, exp.Alias))
    scope.given = frozenset(named)
    sources.read(tree, scope, made)
    where, group, having = (tree.args.get(key) for key in ("where", "group", "having"))
    if where:
        with part(where):
            made.set("where", exp.Where(this=condition(where.this, scope)))
    made.set("expressions", _items(tree, scope))
    if group:
        with part(group):
            made.set("group", _group(group, scope))
    if having:
        with part(having):
            made.set("having", exp.Having(this=condition(having.this, scope)))
    if tree.args.get("distinct"):
        if tree.args["distinct"].args.get("on"):
            raise SqlError("distinct on: use row_number() over (partition by …)")
        made.set("distinct", exp.Distinct())
    return made


def _both(tree: exp.SetOperation, scope: Scope) -> exp.Expr:
    sides = []
    for side in (tree.this, tree.expression):
        with scope.faults.part(side):
            sides.append(query(side, scope.relations, scope.parent, scope.faults))
    if len(sides) < 2:
        raise UntoldError
    made, scope.aliases = unions.united(tree, *sides)
    return made


def _ended(tree: exp.Query, scope: Scope, made: exp.Expr) -> None:
    """Order and limit; a limit without an order would take any rows."""
    order, limit = tree.args.get("order"), tree.args.get("limit")
    if limit is not None and order is None:
        raise SqlError("limit without order by takes any rows: say which")
    if order is not None:
        keys = [ordered(key, _key(key.this, scope, first=True)) for key in order.expressions]
        if tree.args.get("distinct"):
            _require_given(tree, order, scope)
        made.set("order", exp.Order(expressions=keys))
    if limit is not None:
        made.set("limit", limit.copy())


def _require_given(tree: exp.Query, order: exp.Order, scope: Scope) -> None:
    """Distinct rows have an order by what they show alone; a column by its table has no alias."""
    items = [item for item in _expanded(tree, scope) if isinstance(item, exp.Column)]
    shown = {_origin(item, scope) for item in items}
    for column in order.find_all(exp.Column):
        is_given = column.name.lower() in scope.aliases
        if column.table:
            is_given = _origin(column, scope) in shown
        if not is_given:
            raise SqlError(f"select distinct … order by {column.sql()}: it is not in the list")


def _origin(column: exp.Column, scope: Scope) -> tuple[str, str]:
    """The relation of a column, empty unless it is one alone, and its name."""
    wanted = column.name.lower()
    holders = [source for source, columns in scope.sources.items() if wanted in columns]
    return column.table.lower() or (holders[0] if len(holders) == 1 else ""), wanted


def _key(node: exp.Expr, scope: Scope, *, first: bool) -> exp.Expr:
    if isinstance(node, exp.Literal) and not node.is_string:
        return node.copy()
    found = scope.alias(node, first=first)
    return (found or typed(node, scope)).node


def _group(group: exp.Group, scope: Scope) -> exp.Group:
    if group.args.get("all"):
        return exp.Group(all=True)
    for key in ("rollup", "cube", "grouping_sets", "totals"):
        if group.args.get(key):
            raise SqlError(f"group by {key}: write a union of groups")
    return exp.Group(expressions=[_key(key, scope, first=False) for key in group.expressions])


def _items(tree: exp.Select, scope: Scope) -> list[exp.Expr]:
    made: list[exp.Expr] = []
    for place, item in enumerate(_expanded(tree, scope)):
        own = item.alias.lower() or (item.name.lower() if isinstance(item, exp.Column) else "")
        kind = UNKNOWN
        with scope.faults.part(item):
            found = typed(item, scope)
            node, kind = found.settled, found.kind
            if own in scope.aliases:
                raise SqlError(f"two columns are called {own}")
            if own and not (isinstance(node, exp.Column) and node.name == own):
                node = exp.alias_(node, name(own))
            made.append(node)
        scope.aliases[own or f"{NAMELESS}{place}"] = kind
    return made


def _expanded(tree: exp.Query, scope: Scope) -> list[exp.Expr]:
    """The select list with the columns that `*` stands for."""
    found: list[exp.Expr] = []
    for item in tree.expressions:
        if isinstance(item, exp.Star) or (
            isinstance(item, exp.Column) and isinstance(item.this, exp.Star)
        ):
            if item.args.get("except_") or item.args.get("replace"):
                raise SqlError("* except: name the columns")
            wanted = item.table.lower() if isinstance(item, exp.Column) else ""
            if wanted and wanted not in scope.sources:
                raise SqlError(f"{wanted}.*: no relation is called {wanted} here")
            if not wanted and scope.shared:
                raise SqlError("* after using: name the columns")
            for source, columns in scope.sources.items():
                if wanted in ("", source):
                    found += [exp.column(column, table=source) for column in columns]
        else:
            found.append(item)
    return found
