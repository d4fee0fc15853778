"""References: values that are the keys of another dataset, under a name like its."""

from __future__ import annotations

from collections.abc import Sequence

from lakegate.contract import Reference
from lakegate.infer import names
from lakegate.infer.seen.dataset import Inferred
from lakegate.infer.seen.keys import STRONG

ENOUGH = 0.9  # of values must be found for a reference of which some dangle


def find_references(datasets: Sequence[Inferred]) -> None:
    """Gives each dataset the columns whose values are keys of another one."""
    for dataset in datasets:
        for found in dataset.columns:
            name = found.column.name
            if (name,) == dataset.primary_key:
                continue
            for other in datasets:
                told = _reference(dataset, name, other)
                if told is not None:
                    dataset.references[name], dataset.remarks[name] = told
                    break
    _break_circles(datasets)


def _reference(dataset: Inferred, name: str, other: Inferred) -> tuple[Reference, str] | None:
    if len(other.primary_key) != 1 or not other.whole:
        return None
    key = other.primary_key[0]
    same_kind = dataset.kind(name) == other.kind(key) or {dataset.kind(name), other.kind(key)} == {
        "int",
        "bigint",
    }
    if not same_kind or not _are_alike(dataset, name, other, key):
        return None
    mine = {value for value in dataset.values(name) if value is not None}
    missing = mine - set(other.values(key))
    if not mine or len(missing) > (1 - ENOUGH) * len(mine):
        return None
    if missing or dataset is other:
        what = f"{len(missing):,} of {len(mine):,} values are unknown" if missing else "to itself"
        return Reference(other.name, "keep"), f"{what}, and kept"
    return Reference(other.name), f"all {len(mine):,} values are found"


def _are_alike(dataset: Inferred, name: str, other: Inferred, key: str) -> bool:
    one = names.singular(other.name)
    if dataset is other:
        return name.endswith(f"_{key}") or name.startswith(("parent_", "manager"))
    generic = key in STRONG
    ends = {one, f"{one}_{key}", f"{one}_id", other.name} | (set() if generic else {key})
    return any(name == end or name.endswith(f"_{end}") for end in ends)


def _break_circles(datasets: Sequence[Inferred]) -> None:
    """Keeps unknown values where datasets would wait for each other."""
    by_name = {dataset.name: dataset for dataset in datasets}

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        if start == goal:
            return True
        seen.add(start)
        return any(
            reference.unknown == "reject"
            and reference.dataset not in seen
            and reaches(reference.dataset, goal, seen)
            for reference in by_name[start].references.values()
        )

    for dataset in datasets:
        for column, reference in dataset.references.items():
            if reference.unknown == "reject" and reaches(reference.dataset, dataset.name, set()):
                dataset.references[column] = Reference(reference.dataset, "keep")
                dataset.remarks[column] += "; kept, since they refer to each other"
