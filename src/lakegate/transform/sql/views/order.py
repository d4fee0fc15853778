"""Which relations a query reads, and the order in which views can be made."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
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


def order(
    views: Mapping[str, str], given: Collection[str], files: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The views so that none comes before what it reads; `given` are there from the start.

    `files` says where a view was written, for messages.
    Raises SqlError for all views at once that do not parse, read what is not there or each other.
    """
    faults, reads = [], {}
    known = {*views, *given}
    where = dict(files or {})
    for view, sql in views.items():
        try:
            found = sources(sql)
        except SqlError as error:
            faults.append(f"{where.get(view, view)}: {error}")
            continue
        for unknown in sorted(found - known):
            near = difflib.get_close_matches(unknown, known, 1)
            meant = f"; {near[0]} is meant?" if near else "."
            there = ", ".join(sorted(known - {view}))
            faults.append(
                f"{where.get(view, view)}: there is no relation {unknown}{meant} There are {there}"
            )
        reads[view] = found & views.keys()
    if faults:
        raise SqlError("\n".join(faults))
    try:
        return tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        circle = " reads ".join(reversed(error.args[1]))
        raise SqlError(f"views read each other in a circle: {circle}") from error
