"""Queries: selects, what they read, and how they stand together."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from lakegate.transform.sql import calls
from lakegate.transform.sql.dialect import line_of, name
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.expressions import condition, typed
from lakegate.transform.sql.scope import Columns, Relations, Scope
from lakegate.transform.sql.typed import cast
from lakegate.transform.sql.types import VOID, Type, common
from lakegate.transform.sql.types import parse as parse_type

KNOWN = {
    "with_", "expressions", "from_", "joins", "where", "group", "having", "order", "limit",
    "distinct", "kind", "hint", "operation_modifiers",
}  # fmt: skip
INSTEAD = {
    "laterals": "lateral view: arrays are kept as text and cannot be taken apart here",
    "qualify": "qualify: put the window in a with and its condition in where",
    "windows": "window … as: write the window in its brackets",
    "offset": "offset: use row_number() over (order by …)",
    "sort": "sort by: a table has no order; leave it out",
    "cluster": "cluster by: a table has no order; leave it out",
    "distribute": "distribute by: leave it out",
    "sample": "tablesample: the same batch must give the same rows each time",
    "pivots": "pivot: write count_if(…) or sum(if(…)) per column",
}
NAMELESS = "?"
Views = Mapping[str, Mapping[str, str]]  # view to column to Spark's type


def translated(
    tree: exp.Expr, relations: Relations, parent: Scope | None = None
) -> tuple[exp.Expr, Columns]:
    """The query for DuckDB and its columns with Spark's types."""
    if isinstance(tree, exp.Subquery) and not tree.alias:
        made, columns = translated(tree.this, relations, parent)
        return exp.Subquery(this=made), columns
    relations, ctes = _with(tree, relations, parent)
    if isinstance(tree, exp.Select):
        made, columns = _select(tree, relations, parent)
    elif isinstance(tree, exp.SetOperation):
        made, columns = _both(tree, relations, parent)
    else:
        raise SqlError(f"{tree.key} is not possible: write a select")
    if ctes:
        made.set("with_", exp.With(expressions=ctes))
    return made, columns


def _with(
    tree: exp.Expr, relations: Relations, parent: Scope | None
) -> tuple[Relations, list[exp.Expr]]:
    clause = tree.args.get("with_")
    if clause is None:
        return relations, []
    if clause.args.get("recursive"):
        raise SqlError("with recursive is not possible")
    seen = dict(relations)
    made: list[exp.Expr] = []
    for cte in clause.expressions:
        query, columns = translated(cte.this, seen, parent)
        alias = cte.args["alias"]
        if alias.columns:
            raise SqlError(f"with {alias.name}(…): name the columns in its select")
        seen[alias.name.lower()] = _named(columns, f"with {alias.name}")
        made.append(exp.CTE(this=query, alias=exp.TableAlias(this=name(alias.name))))
    return seen, made


def _named(columns: Columns, where: str) -> Columns:
    if any(column.startswith(NAMELESS) for column in columns):
        raise SqlError(f"{where}: a column has no name; write `as <name>` behind it")
    return columns


def _select(
    tree: exp.Select, relations: Relations, parent: Scope | None
) -> tuple[exp.Expr, Columns]:
    for key, value in tree.args.items():
        if value and key not in KNOWN:
            raise SqlError(INSTEAD.get(key, f"{key} is not possible"))
    given = frozenset(
        item.alias.lower() for item in tree.expressions if isinstance(item, exp.Alias)
    )
    scope = Scope(
        lambda node, inner: translated(node, relations, inner), relations, parent, given=given
    )
    made = exp.Select()
    _from(tree, scope, made)
    if tree.args.get("where"):
        made.set("where", exp.Where(this=condition(tree.args["where"].this, scope)))
    made.set("expressions", _items(tree, scope))
    if tree.args.get("group"):
        made.set("group", _group(tree.args["group"], scope))
    if tree.args.get("having"):
        made.set("having", exp.Having(this=condition(tree.args["having"].this, scope)))
    if tree.args.get("distinct"):
        if tree.args["distinct"].args.get("on"):
            raise SqlError("distinct on: use row_number() over (partition by …)")
        made.set("distinct", exp.Distinct())
    _ended(tree, scope, made)
    return made, dict(scope.aliases)


def _ended(tree: exp.Expr, scope: Scope, made: exp.Expr) -> None:
    """Order and limit; a limit without an order would take any rows."""
    order, limit = tree.args.get("order"), tree.args.get("limit")
    if limit is not None and order is None:
        raise SqlError("limit without order by takes any rows: say which")
    if order is not None:
        keys = [calls.ordered(key, _key(key.this, scope, first=True)) for key in order.expressions]
        made.set("order", exp.Order(expressions=keys))
    if limit is not None:
        made.set("limit", limit.copy())


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


def _from(tree: exp.Select, scope: Scope, made: exp.Select) -> None:
    clause = tree.args.get("from_")
    if clause is None:
        return
    made.set("from_", exp.From(this=_read(clause.this, scope)))
    joins = []
    for join in tree.args.get("joins") or ():
        if join.args.get("method"):
            raise SqlError(f"{join.args['method']} join: write on or using")
        hidden = join.kind in ("SEMI", "ANTI")
        before = set(scope.sources)
        made_join = exp.Join(this=_read(join.this, scope), kind=join.kind or None)
        made_join.set("side", None if hidden else join.side or None)
        if join.args.get("using"):
            names = [key.name.lower() for key in join.args["using"]]
            scope.shared |= set() if hidden else set(names)
            made_join.set("using", [name(key) for key in names])
        if join.args.get("on"):
            made_join.set("on", condition(join.args["on"], scope))
        for source in set(scope.sources) - before if hidden else ():
            del scope.sources[source]
        joins.append(made_join)
    made.set("joins", joins)


def _read(node: exp.Expr, scope: Scope) -> exp.Expr:
    try:
        return _source(node, scope)
    except SqlError as error:
        raise error.at(line_of(node)) from error


def _source(node: exp.Expr, scope: Scope) -> exp.Expr:
    """A relation or a select in brackets, known from here on by its name."""
    alias = node.alias
    for key in ("pivots", "sample", "laterals", "joins"):
        if node.args.get(key):
            raise SqlError(INSTEAD.get(key, f"{key} in brackets: write a select"))
    if isinstance(node, exp.Table):
        wanted = node.name.lower()
        if node.args.get("db") or not isinstance(node.this, exp.Identifier):
            raise SqlError(
                f"{node.sql(dialect='spark')}: only stg_<dataset>, marts and views can be read"
            )
        if wanted not in scope.relations:
            known = ", ".join(sorted(scope.relations))
            raise SqlError(f"there is no relation {wanted} to read; there are {known}")
        columns = dict(scope.relations[wanted])
        made: exp.Expr = exp.Table(this=name(wanted))
    elif isinstance(node, exp.Subquery):
        query, columns = translated(node.this, scope.relations, scope.parent)
        columns = _named(columns, "a select in brackets")
        alias = alias or f"query_{len(scope.sources) + 1}"
        made = exp.Subquery(this=query)
    elif isinstance(node, exp.Values):
        return _values(node, scope)
    else:
        raise SqlError(f"{node.key} cannot be read here: {node.sql(dialect='spark')[:60]}")
    own = (alias or node.name).lower()
    if own in scope.sources:
        raise SqlError(f"{own} is read twice: give one of them another name with `as`")
    if alias:
        made.set("alias", exp.TableAlias(this=name(own)))
    scope.sources[own] = columns
    return made


def _values(node: exp.Values, scope: Scope) -> exp.Expr:
    """Rows that stand in the query itself; each column has a name and one type."""
    alias = node.args.get("alias") or exp.TableAlias()
    names = [column.name.lower() for column in alias.columns]
    rows = [[typed(cell, scope) for cell in row.expressions] for row in node.expressions]
    if not names or any(len(row) != len(names) for row in rows):
        raise SqlError("values: name the table and each of its columns: … as v (a, b)")
    kinds = [common(value.kind for value in column) for column in zip(*rows, strict=True)]
    columns: Columns = {}
    for name_, kind in zip(names, kinds, strict=True):
        if kind is None:
            raise SqlError(f"values: {name_} has values of different types: cast them to one")
        columns[name_] = kind
    made = [
        exp.Tuple(
            expressions=[value.to(kind) for value, kind in zip(row, columns.values(), strict=True)]
        )
        for row in rows
    ]
    own = alias.name.lower()
    scope.sources[own] = columns
    shown = exp.TableAlias(this=name(own), columns=[name(column) for column in names])
    return exp.Values(expressions=made, alias=shown)


def _items(tree: exp.Select, scope: Scope) -> list[exp.Expr]:
    made: list[exp.Expr] = []
    for item in _expanded(tree, scope):
        found = typed(item, scope)
        own = item.alias.lower() or (item.name.lower() if isinstance(item, exp.Column) else "")
        node = found.settled
        if own in scope.aliases:
            raise SqlError(f"two columns are called {own}")
        if not own:
            scope.aliases[f"{NAMELESS}{len(made)}"] = found.kind
        else:
            scope.aliases[own] = found.kind
            if not (isinstance(node, exp.Column) and node.name == own):
                node = exp.alias_(node, name(own))
        made.append(node)
    return made


def _expanded(tree: exp.Select, scope: Scope) -> list[exp.Expr]:
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


def _both(
    tree: exp.SetOperation, relations: Relations, parent: Scope | None
) -> tuple[exp.Expr, Columns]:
    if tree.args.get("by_name"):
        raise SqlError("union by name: put the columns in one order")
    left, one = translated(tree.this, relations, parent)
    right, other = translated(tree.expression, relations, parent)
    if len(one) != len(other):
        raise SqlError(f"{tree.key}: {len(one)} columns above, {len(other)} below")
    columns: Columns = {}
    for (column, kind), (below, second) in zip(one.items(), other.items(), strict=True):
        wider = common((kind, second))
        if wider is None:
            raise SqlError(f"{tree.key}: {column} is {kind} above and {below} is {second} below")
        columns[column] = wider
    for query, kinds in ((left, one), (right, other)):
        _widen(query, list(kinds.values()), list(columns.values()))
    made = type(tree)(this=left, expression=right, distinct=tree.args.get("distinct"))
    scope = Scope(lambda node, inner: translated(node, relations, inner), relations, parent)
    scope.aliases = columns
    _ended(tree, scope, made)
    return made, columns


def _widen(query: exp.Expr, kinds: list[Type], wanted: list[Type]) -> None:
    """Casts the columns of a select so that those above and below are of one type."""
    if isinstance(query, exp.SetOperation):
        for side in (query.this, query.expression):
            _widen(side, kinds, wanted)
    elif isinstance(query, exp.Subquery):
        _widen(query.this, kinds, wanted)
    elif isinstance(query, exp.Select):
        for item, kind, to in zip(query.expressions, kinds, wanted, strict=True):
            if kind not in (to, VOID):
                inner = item.this if isinstance(item, exp.Alias) else item
                inner.replace(
                    exp.alias_(cast(inner, to), item.name) if inner is item else cast(inner, to)
                )


def typed_relations(given: Views) -> dict[str, Columns]:
    """Views by name, each column with its type, from the texts of a contract."""
    return {
        view.lower(): {column: parse_type(kind) for column, kind in columns.items()}
        for view, columns in given.items()
    }


def columns_of(tree: exp.Expr, relations: Views) -> dict[str, str]:
    """Name and Spark's type of each column that a query gives, in order."""
    _, columns = translated(tree, typed_relations(relations))
    for column, kind in columns.items():
        if column.startswith(NAMELESS):
            place = int(column.removeprefix(NAMELESS)) + 1
            raise SqlError(f"column {place} has no name: write `as <name>` behind it")
        if kind.name == "void":
            raise SqlError(f"{column}: null has no type; write cast(null as …) as {column}")
    return {column: str(kind) for column, kind in columns.items()}
