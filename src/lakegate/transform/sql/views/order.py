"""Which relations a query reads, and the order in which views can be made."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from lakegate.transform.sql.dialect import parse
from lakegate.transform.sql.errors import SqlError


def sources(sql: str) -> set[str]:
    """The relations that a query reads, in lower case; those of its own `with` are none."""
    return {
        source.name.lower()
        for scope in traverse_scope(parse(sql))
        for source in scope.sources.values()
        if isinstance(source, exp.Table)
    }


def parsed(views: Mapping[str, str]) -> tuple[tuple[str, ...], dict[str, SqlError]]:
    """The views that parse, none before what it reads, and what is wrong with the others.

    Raises SqlError for views that read each other.
    """
    faults: dict[str, SqlError] = {}
    reads: dict[str, set[str]] = {}
    for view, sql in views.items():
        try:
            reads[view] = sources(sql) & views.keys()
        except SqlError as error:
            faults[view] = error
    try:
        found = tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        circle = " reads ".join(reversed(error.args[1]))
        raise SqlError(f"views read each other in a circle: {circle}") from error
    return tuple(view for view in found if view in reads), faults
