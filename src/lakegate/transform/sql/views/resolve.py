"""What the SQL of a project gives: every relation with its columns, and the contract with them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import replace

from lakegate.contract import Column, Contract, GoldTable
from lakegate.transform.sql.dialect import parse
from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.queries import Views, columns_of
from lakegate.transform.sql.types import common
from lakegate.transform.sql.types import parse as parse_type
from lakegate.transform.sql.views.empty import Empty, empty
from lakegate.transform.sql.views.order import parsed

AGGREGATE = "count(*) as row_count"  # beside it, nothing but an aggregate can stand
Relations = dict[str, dict[str, str]]


def file_of(contract: Contract, view: str) -> str:
    """Where a person wrote the view, as messages name it."""
    return f"sql/{'staging' if view in contract.staging else 'marts'}/{view}.sql"


def relations(contract: Contract) -> Relations:
    """Staged datasets, views and gold tables by name, each column with Spark's type.

    Raises SqlError with every fault of every file.
    """
    found: Relations = {
        f"stg_{name}": {column.name: column.type for column in dataset.columns}
        for name, dataset in contract.datasets.items()
    }
    views = contract.staging | {name: table.sql for name, table in contract.gold_tables.items()}
    # Of a view that is wrong, what others read of it is taken to be as the contract says.
    seen: dict[str, dict[str, str] | None] = {**found}
    seen |= {view: _declared(contract, view) for view in views}
    ordered, wrong = parsed(views)
    faults = {view: [str(fault)] for view, fault in wrong.items()}
    with empty(found) as database:
        for view in wrong:
            database.stand_in(view, seen[view])
        for view in ordered:
            told: list[str] = []
            try:
                columns = columns_of(parse(views[view]), seen)
                database.view(view, views[view], seen, columns)
            except SqlError as error:
                told = list(map(str, error.faults))
                database.stand_in(view, seen[view])
            else:
                found[view] = seen[view] = columns
                if view in contract.gold_tables:
                    told = list(_differing(contract.gold_tables[view], columns))
            faults |= {view: told} if told else {}
        checks = list(_wrong_checks(contract, seen, database))
    told = [
        f"{file_of(contract, view)}: {fault}" for view in views for fault in faults.get(view, ())
    ]
    told += checks
    if told:
        raise SqlError("\n".join(told))
    return found


def _declared(contract: Contract, view: str) -> dict[str, str] | None:
    table = contract.gold_tables.get(view)
    columns = table.columns if table else ()
    return {column.name: column.type for column in columns} or None


def _wrong_checks(contract: Contract, found: Views, database: Empty) -> Iterator[str]:
    """What is wrong with the expressions that the contract has beside the SQL of tables."""
    for name, table in contract.gold_tables.items():
        at, relation = f"gold_tables.{name}", f"`{name}`"
        queries = {
            f"{at}.totals.{key}": f"select {text} as found, {AGGREGATE} from {relation}"
            for key, text in table.totals.items()
        }
        queries |= {
            f"{at}.row_checks.{key}": f"select 1 as found from {relation} where {text}"
            for key, text in table.row_checks.items()
        }
        for key, check in table.checks.items():
            found_in = f"select {check.found} as found, {AGGREGATE} from {relation}"
            queries[f"{at}.checks.{key}.found"] = found_in
            queries[f"{at}.checks.{key}.expected"] = f"select ({check.expected}) as expected"
        kinds: dict[str, str] = {}
        for place, query in queries.items():
            try:
                kinds[place] = next(iter(columns_of(parse(query), found).values()))
                database.query(query, found)
            except SqlError as error:
                yield from (f"{place}: {_in_one_line(fault, query)}" for fault in error.faults)
        for key in table.checks:
            sides = [kinds.get(f"{at}.checks.{key}.{side}") for side in ("found", "expected")]
            if None not in sides and common(parse_type(str(side)) for side in sides) is None:
                yield f"{at}.checks.{key}: found is {sides[0]}, expected {sides[1]}: cast one"


def _in_one_line(fault: SqlError, query: str) -> str:
    """What is wrong with an expression; its line says nothing where there is but one."""
    return str(fault) if "\n" in query.strip() else str(fault).removeprefix("line 1: ")


def resolved(contract: Contract) -> Contract:
    """The contract with the columns of every gold table."""
    found = relations(contract)
    tables = {
        name: table if table.columns else replace(table, columns=_columns(table, found[name]))
        for name, table in contract.gold_tables.items()
    }
    return replace(contract, gold_tables=tables)


def _columns(table: GoldTable, found: dict[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, kind, required=name in table.grain) for name, kind in found.items())


def _instead(name: str, found: dict[str, str]) -> str:
    near = difflib.get_close_matches(name, found, 1)
    return f"; it gives {', '.join(found)}{f'; {near[0]} is meant?' if near else ''}"


def _differing(table: GoldTable, found: dict[str, str]) -> Iterator[str]:
    declared = {column.name: column.type for column in table.columns}
    for name, kind in declared.items():
        if name not in found:
            yield f"gives no column {name}, which the contract declares{_instead(name, found)}"
        elif found[name] != kind.replace("json", "string"):
            yield f"gives {name} as {found[name]}, but the contract declares {kind}"
    for name in found.keys() - declared.keys() if declared else ():
        yield f"gives {name}, which the contract does not declare"
    if declared and not found.keys() ^ declared.keys() and list(found) != list(declared):
        yield f"gives its columns as {', '.join(found)}; the contract declares another order"
    for name in table.grain:
        if name not in found:
            yield f"gives no column {name}, which the grain names{_instead(name, found)}"
