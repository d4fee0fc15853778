"""What a select reads: relations, selects in brackets, rows of its own, and how they join."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from lakegate.transform.sql.dialect import line_of, name
from lakegate.transform.sql.errors import SqlError, UntoldError, no_relation
from lakegate.transform.sql.expressions import condition, typed
from lakegate.transform.sql.scope import NAMELESS, Columns, Scope
from lakegate.transform.sql.types import common

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


def named(columns: Columns, where: str) -> Columns:
    """The columns. Raises SqlError if one of them has no name."""
    if any(column.startswith(NAMELESS) for column in columns):
        raise SqlError(f"{where}: a column has no name; write `as <name>` behind it")
    return columns


def read(tree: exp.Select, scope: Scope, made: exp.Select) -> None:
    """What stands behind `from`, known to the scope from here on."""
    clause = tree.args.get("from_")
    if clause is None:
        return
    made.set("from_", exp.From(this=_read(clause.this, scope)))
    joins = []
    for join in tree.args.get("joins") or ():
        if join.args.get("method"):
            raise SqlError(f"{join.args['method']} join: write on or using")
        hidden = join.kind in ("SEMI", "ANTI")
        before = list(scope.sources)
        made_join = exp.Join(this=_read(join.this, scope), kind=join.kind or None)
        made_join.set("side", None if hidden else join.side or None)
        if join.args.get("using"):
            names = [key.name.lower() for key in join.args["using"]]
            shared = _shared(join, names, before, scope)
            scope.shared |= {} if hidden else shared
            made_join.set("using", [name(key) for key in names])
        if join.args.get("on"):
            with scope.faults.part(join):
                made_join.set("on", condition(join.args["on"], scope))
        for source in [one for one in scope.sources if one not in before] if hidden else ():
            del scope.sources[source]
        joins.append(made_join)
    made.set("joins", joins)


def _shared(join: exp.Join, names: list[str], before: Sequence[str], scope: Scope) -> Columns:
    """The columns of `using`: of the side that is whole, of both where that is both."""
    found: Columns = {}
    for key in names:
        above = [scope.shared[key]] if key in scope.shared else []
        above += [scope.sources[one][key] for one in before if key in scope.sources[one]]
        beside = [
            columns[key]
            for one, columns in scope.sources.items()
            if one not in before and key in columns
        ]
        if not above or not beside:
            raise SqlError(f"using ({key}): both sides need a column {key}")
        wider = common((above[0], beside[0]))
        if wider is None:
            raise SqlError(f"using ({key}): {above[0]} beside {beside[0]}: write on and the cast")
        side = (join.side or "").upper()
        found[key] = wider if side == "FULL" else beside[0] if side == "RIGHT" else above[0]
    return found


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
            raise no_relation(wanted, scope.relations)
        known = scope.relations[wanted]
        if known is None:
            raise UntoldError
        columns = dict(known)
        made: exp.Expr = exp.Table(this=name(wanted))
    elif isinstance(node, exp.Subquery):
        query, columns = scope.query(node.this, scope.parent)
        columns = named(columns, "a select in brackets")
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
