"""Writes the plan of a project for an engine: staging by templates, marts as people wrote them.

Runs when a project is built, never where it is deployed.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from lakegate.contract import Contract, Dataset
from lakegate.transform import plan
from lakegate.transform.check_queries import checks
from lakegate.transform.dialects import DIALECTS, Dialect
from lakegate.transform.errors import PlanError
from lakegate.transform.plan import Plan, View
from lakegate.transform.sql import relations


def render(contract: Contract, dialect: Dialect | str) -> Plan:
    """The plan of a project for an engine.

    Raises PlanError where relations share a name or read each other, and SqlError for SQL that the
    engines would not answer alike.
    """
    used = DIALECTS[dialect] if isinstance(dialect, str) else dialect
    staging = tuple(_staging(contract, used))
    people = contract.staging | {name: table.sql for name, table in contract.gold_tables.items()}
    twice = people.keys() & {view.name for view in staging}
    if twice:
        raise PlanError(f"{', '.join(sorted(twice))}: the name of a relation that is generated")
    known = relations(contract)
    gold = [View(name, used.translated(people[name], known)) for name in known if name in people]
    return Plan(
        engine=used.name,
        staging=staging,
        gold=tuple(gold),
        checks={
            name: checks(name, table, used, known) for name, table in contract.gold_tables.items()
        },
    )


def references(contract: Contract, dataset: Dataset) -> dict[str, str]:
    """Column to dataset where an unknown value rejects the row; others change nothing."""
    return {
        column: to.dataset
        for column, to in dataset.references.items()
        if to.unknown == "reject" and to.dataset in contract.datasets
    }


def larger_first(dataset: Dataset) -> list[str]:
    """The columns that decide which of two lines with one key counts."""
    latest = [dataset.latest_by] if dataset.latest_by else []
    decided = {*latest, *dataset.primary_key}
    others = [column.name for column in dataset.columns if column.name not in decided]
    return latest + others or list(dataset.primary_key)


def _staging(contract: Contract, dialect: Dialect) -> Iterator[View]:
    datasets = {name: contract.datasets[name] for name in contract.read}
    templates = _Templates(contract, dialect, datasets)
    if any(dataset.primary_key for dataset in datasets.values()):
        yield templates.view("odd_keys", each="line_keys")
    reads = {
        name: set(references(contract, dataset).values()) for name, dataset in datasets.items()
    }
    try:
        ordered = tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        raise PlanError(f"datasets refer to each other: {' -> '.join(error.args[1])}") from error
    for name in ordered:
        if datasets[name].primary_key:
            yield templates.of(name, "repeated", settle=True)
        yield templates.of(name, "latest")
        yield templates.of(name, "stg")
        referring = [
            (source, column)
            for source, dataset in datasets.items()
            for column, target in references(contract, dataset).items()
            if target == name
        ]
        if referring:
            most = 1 + max(Counter(source for source, _ in referring).values())
            found = templates.of(name, "unknown", each="uses", referring=referring)
            yield dataclasses.replace(found, each_of_a_line=most)
    yield templates.view(plan.REJECTED, settle=True)
    yield templates.view(plan.OUTCOMES)


class _Templates:
    """Fills the templates of this package for one contract and dialect."""

    def __init__(
        self, contract: Contract, dialect: Dialect, datasets: Mapping[str, Dataset]
    ) -> None:
        environment = Environment(
            loader=PackageLoader("lakegate.transform"),
            undefined=StrictUndefined,
            autoescape=False,
            keep_trailing_newline=True,
        )
        environment.filters |= {
            "quoted": dialect.quoted,
            "literal": dialect.literal,
            "unnested": dialect.unnested,
        }

        def key_hash(name: str, dataset: Dataset) -> str:
            parts = [dialect.text(name), *map(dialect.quoted, dataset.primary_key)]
            return f"{dialect.hash}({', '.join(parts)})"

        environment.globals |= {
            "datasets": datasets,
            "key_hash": key_hash,
            "larger_first": larger_first,
            "references": lambda dataset: references(contract, dataset),
        }
        self._environment = environment
        self._datasets = datasets

    def view(self, name: str, *, settle: bool = False, each: str = "") -> View:
        """A relation of all datasets."""
        return View(name, self._text(name), settle or bool(each), self._text(each))

    def of(
        self, dataset: str, step: str, *, settle: bool = False, each: str = "", **more: Any
    ) -> View:
        """A relation of one dataset."""
        given = {"name": dataset, "dataset": self._datasets[dataset], **more}
        text, rows = self._text(step, **given), self._text(each, **given)
        return View(f"{step}_{dataset}", text, settle or bool(each), rows)

    def _text(self, template: str, **more: Any) -> str:
        if not template:
            return ""
        return self._environment.get_template(f"{template}.sql.j2").render(**more)
