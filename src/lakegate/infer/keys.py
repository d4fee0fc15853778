"""Keys and references: what is unique and named like a key, what is contained and named alike."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from lakegate.contract import Reference
from lakegate.infer import names
from lakegate.infer.columns import Found

Key = tuple[str, ...]
PROBE = 2_000  # records that are enough to see that most are no key
KEYS = ("string", "int", "bigint", "date", "timestamp")
LIKE_A_KEY = re.compile(
    r"(^|_)(id|uuid|guid|key|code|number|no|name|date|day|hour|time|at|month|year|line|seq|part|version)\Z"
)
STRONG = ("id", "uuid", "guid", "key", "code", "number", "no")
UPDATED = re.compile(r"(^|_)(updated|modified|changed|last_seen|valid_from)(_|$)")
FEWEST_FOR_SEVERAL = 20  # records, below which several columns are unique by chance
MOST_PARTS = 3
SURE = 3.0  # collisions that chance would bring, and that are not there
ENOUGH = 0.9  # of values must be found for a reference of which some dangle


@dataclass
class Inferred:
    """A dataset with its columns and what is said of it."""

    name: str
    columns: list[Found]
    record_count: int
    whole: bool
    is_csv: bool = False
    malformed: int = 0
    primary_key: tuple[str, ...] = ()
    key_remark: str = ""
    latest_by: str | None = None
    references: dict[str, Reference] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name = {found.column.name: found for found in self.columns}

    def values(self, column: str) -> tuple[Any, ...]:
        """The values of a column, one per record."""
        return self._by_name[column].values

    def kind(self, column: str) -> str:
        """The type of a column."""
        return self._by_name[column].column.type

    def is_full(self, column: str) -> bool:
        """Whether every record has a value."""
        return None not in self.values(column)


def find_keys(datasets: Sequence[Inferred]) -> None:
    """Gives each dataset its key, where it has one, and what decides between two lines."""
    rows = {dataset.name: _distinct(dataset) for dataset in datasets}
    # Lines that mostly repeat each other are no sign of a key.
    likely = [one for one in datasets if rows[one.name] >= ENOUGH * one.record_count]
    for dataset in likely:
        _find_key(dataset, _single(dataset, datasets), rows[dataset.name])
        if not dataset.primary_key:
            _find_changing(dataset)
    for dataset in likely:
        if not dataset.primary_key and dataset.record_count >= FEWEST_FOR_SEVERAL:
            _find_several(dataset, datasets, rows[dataset.name])
        if dataset.primary_key:
            times = [one.column.name for one in dataset.columns if one.column.type == "timestamp"]
            dataset.latest_by = dataset.latest_by or next(filter(UPDATED.search, times), None)


def _distinct(dataset: Inferred) -> int:
    columns = [one.values for one in dataset.columns]
    return len({tuple(map(str, row)) for row in zip(*columns, strict=True)})


def _find_key(dataset: Inferred, candidates: Iterator[tuple[Key, str]], rows: int) -> None:
    """The first that tells all rows apart."""
    for key, why in candidates:
        if _is_unique(dataset, key, rows):
            dataset.primary_key = key
            dataset.key_remark = f"{why}, unique in {dataset.record_count:,} records"
            return


def _find_several(dataset: Inferred, datasets: Sequence[Inferred], rows: int) -> None:
    """Columns that tell all rows apart only together, and that would hardly do so by chance.

    Where chance would do as well, more columns are safer: two lines that differ are then kept.
    """
    named = [
        name
        for name in _usable(dataset)
        if LIKE_A_KEY.search(name) or _refers(name, datasets, dataset)
    ]
    found: list[Key] = []
    for count in range(2, MOST_PARTS + 1):
        keys = [key for key in combinations(named[:10], count) if _is_unique(dataset, key, rows)]
        found += keys
        sure = max(keys, key=lambda key: _collisions(dataset, key), default=None)
        if sure and _collisions(dataset, sure) >= SURE:
            dataset.primary_key = sure
            dataset.key_remark = f"unique together in {dataset.record_count:,} records"
            return
    if found:
        dataset.primary_key = next(key for key in found if len(key) == len(found[-1]))
        dataset.key_remark = (
            f"unique together in {dataset.record_count:,} records, perhaps by chance: look at it"
        )


def _is_unique(dataset: Inferred, key: Key, rows: int) -> bool:
    """Whether the columns tell all rows apart; lines alike in all columns count once."""
    columns = [dataset.values(name) for name in key]
    probed = len(set(zip(*(column[:PROBE] for column in columns), strict=True)))
    if probed < min(PROBE, rows) - (dataset.record_count - rows):
        return False
    return len(set(zip(*columns, strict=True))) == rows


def _collisions(dataset: Inferred, key: Key) -> float:
    """How many pairs of records would share the key if its columns were drawn by chance."""
    kinds = math.prod(len(set(dataset.values(name))) for name in key)
    return dataset.record_count * (dataset.record_count - 1) / 2 / kinds


def _own_names(dataset: str) -> list[str]:
    one = names.singular(dataset)
    return [
        word
        for stem in ("", f"{one}_", f"{dataset}_")
        for word in (f"{stem}{end}" for end in STRONG)
    ] + [one]


def _usable(dataset: Inferred) -> list[str]:
    return [
        one.column.name
        for one in dataset.columns
        if one.column.type in KEYS and None not in one.values
    ]


def _single(dataset: Inferred, all_of_them: Sequence[Inferred]) -> Iterator[tuple[Key, str]]:
    usable = _usable(dataset)
    own = [name for name in _own_names(dataset.name) if name in usable]
    yield from (((name,), "named like its key") for name in own)
    for name in usable:
        if _is_contained(dataset, name, all_of_them):
            yield (name,), "other datasets name it"
    if usable and re.search(r"(^|_)(id|uuid|key|code)\Z", usable[0]):
        yield (usable[0],), "its first column, named like a key"


def _is_contained(dataset: Inferred, name: str, all_of_them: Sequence[Inferred]) -> bool:
    """Whether another dataset has a column of this name with values of this one."""
    mine = set(dataset.values(name))
    for other in all_of_them:
        if other is dataset or name not in {one.column.name for one in other.columns}:
            continue
        theirs = {value for value in other.values(name) if value is not None}
        if theirs and len(theirs & mine) >= ENOUGH * len(theirs):
            return True
    return False


def _refers(name: str, all_of_them: Sequence[Inferred], own: Inferred) -> bool:
    return name == names.singular(own.name) or any(
        other is not own
        and (
            names.singular(other.name) in (name, name.removesuffix("_id"))
            or other.primary_key == (name,)
        )
        for other in all_of_them
    )


def _find_changing(dataset: Inferred) -> None:
    """A key of which later lines replace earlier ones, where a time tells them apart."""
    times = [one.column.name for one in dataset.columns if one.column.type == "timestamp"]
    times = [name for name in times if dataset.is_full(name)]
    one = names.singular(dataset.name)
    for key in ("id", f"{one}_id", f"{dataset.name}_id"):
        if key not in {found.column.name for found in dataset.columns} or not dataset.is_full(key):
            continue
        for time in sorted(times, key=lambda name: not UPDATED.search(name)):
            pairs = set(zip(dataset.values(key), dataset.values(time), strict=True))
            distinct = len(set(dataset.values(key)))
            if len(pairs) == dataset.record_count and distinct >= ENOUGH * len(pairs):
                dataset.primary_key, dataset.latest_by = (key,), time
                dataset.key_remark = f"named like its key; the line with the latest {time} counts"
                return


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
