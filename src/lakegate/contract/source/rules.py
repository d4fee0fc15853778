"""What must hold between the keys of a contract; each fault is a place and a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lakegate.contract.model import BATCH, IDENTIFIER
from lakegate.contract.source import columns
from lakegate.contract.source.spec import NEEDED, DatasetSpec, GoldTableSpec, ProjectSpec
from lakegate.contract.source.structure import Found, one_of, shown

_GENERATED = ("lines", "repeated", "latest", "unknown", "stg")
_GENERATED_ALONE = frozenset({"line_outcomes", "odd_keys", "rejected_lines"})


def check(spec: ProjectSpec, data: dict[str, Any]) -> Iterator[Found]:
    """All faults of what fits the keys; `data` has the names of what does not, too."""
    known = names(data.get("datasets"))
    for key in NEEDED:
        if data.get(key, {}) == {}:
            yield (key,) if key in data else (), f"{key} is missing"
    yield from _names("datasets", known)
    yield from _names("gold_tables", names(data.get("gold_tables")))
    if not spec.limits.min_bytes <= spec.limits.max_bytes:
        yield ("limits", "min_bytes"), f"is larger than max_bytes, {spec.limits.max_bytes}"
    required = spec.gate.required or []
    yield from _each_known(("gate", "required"), required, known, "dataset")
    for name, dataset in spec.datasets.items():
        yield from _dataset(("datasets", name), dataset, spec, data)
    yield from _circles(spec)
    for name, table in spec.gold_tables.items():
        yield from _table(("gold_tables", name), name, table, known)


def names(mapping: Any) -> list[str]:
    """The keys of what should be a mapping."""
    return list(mapping) if isinstance(mapping, dict) else []


def generated(datasets: Iterable[str]) -> frozenset[str]:
    """The names of the views that are made from the contract."""
    made = {f"{kind}_{dataset}" for dataset in datasets for kind in _GENERATED}
    return _GENERATED_ALONE | made


def _names(where: str, found: Iterable[str]) -> Iterator[Found]:
    for name in found:
        if not IDENTIFIER.fullmatch(name):
            yield (where, name), columns.NO_NAME.format(shown(name))


def _each_known(
    where: tuple[str | int, ...], given: Sequence[str], known: Sequence[str], what: str
) -> Iterator[Found]:
    for name in given:
        if name not in known:
            yield where, f"{shown(name)} is not a {what}; there are: {one_of(name, known)}"
    for name, count in Counter(given).items():
        if count > 1:
            yield where, f"{shown(name)} stands {count} times"


def _dataset(
    where: tuple[str, str], dataset: DatasetSpec, spec: ProjectSpec, data: dict[str, Any]
) -> Iterator[Found]:
    raw = data["datasets"][where[1]]["columns"]
    named = (item.get("name") for item in raw if isinstance(item, dict))
    known = [name for name in named if isinstance(name, str)]
    typed = {column.name: column for column in dataset.columns}
    yield from columns.check((*where, "columns"), dataset.columns, spec.limits.max_depth)
    yield from _each_known((*where, "primary_key"), dataset.primary_key, known, "column")
    for name in dataset.primary_key:
        column = typed.get(name)
        if column and column.type == "json":
            yield (*where, "primary_key"), f"{name} is json, which has no equality"
        if column and "required" in column.model_fields_set and not column.required:
            yield (*where, "columns", name, "required"), "a column of the primary key is required"
        if column and column.default is not None:
            yield (*where, "columns", name, "default"), columns.NO_DEFAULT
    latest = dataset.latest_by
    if latest is not None:
        yield from _each_known((*where, "latest_by"), [latest], known, "column")
        if latest in typed and typed[latest].type == "json":
            yield (*where, "latest_by"), f"{latest} is json, which has no order"
        if not dataset.primary_key:
            yield (*where, "latest_by"), "chooses among lines with one key; there is no primary_key"
    for name, reference in dataset.references.items():
        at = (*where, "references", name)
        yield from _each_known(at, [name], known, "column")
        targets = names(data.get("datasets"))
        yield from _each_known(at, [reference.dataset], targets, "dataset")
        target = spec.datasets.get(reference.dataset)
        if target and len(target.primary_key) != 1:
            has = "has no primary key" if not target.primary_key else "has a key of several columns"
            yield at, f"{reference.dataset} {has}; a reference needs one of one column"
        elif target and name in typed:
            key = {column.name: column for column in target.columns}.get(target.primary_key[0])
            if key and not _comparable(typed[name].type, key.type):
                yield at, f"is {typed[name].type}, {reference.dataset}.{key.name} is {key.type}"


def _comparable(one: str, other: str) -> bool:
    return one == other or {one, other} == {"int", "bigint"}


def _circles(spec: ProjectSpec) -> Iterator[Found]:
    """Each dataset whose rejecting references lead back to it."""
    edges = {
        name: {
            to.dataset: column for column, to in item.references.items() if to.unknown == "reject"
        }
        for name, item in spec.datasets.items()
    }
    for name, targets in edges.items():
        for target, column in targets.items():
            if (way := _way(edges, target, name)) is not None:
                circle = " → ".join((name, *way))
                yield (
                    ("datasets", name, "references", column),
                    f"goes in a circle, {circle}; "
                    f"there, write {{dataset: {target}, unknown: keep}}",
                )


def _way(edges: dict[str, dict[str, str]], start: str, end: str) -> list[str] | None:
    ways, seen = [[start]], {start}
    for way in ways:
        if way[-1] == end:
            return way
        for new in edges.get(way[-1], {}).keys() - seen:
            seen.add(new)
            ways.append([*way, new])
    return None


def _table(
    where: tuple[str, str], name: str, table: GoldTableSpec, datasets: Sequence[str]
) -> Iterator[Found]:
    if name in generated(datasets):
        yield where, "is the name of a generated view; choose another"
    declared = [column.name for column in table.columns]
    yield from columns.check((*where, "columns"), table.columns, 0)
    if BATCH.name in declared:
        yield (*where, "columns", BATCH.name), "is the partition's column; leave it out"
    if declared:
        yield from _each_known((*where, "grain"), table.grain, declared, "column")
    for twice in table.row_checks.keys() & table.checks.keys():
        yield (*where, "checks", twice), "is the name of one of row_checks as well"
