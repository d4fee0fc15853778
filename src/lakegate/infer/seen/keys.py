"""Keys: what is unique in the data and named like a key."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from lakegate.contract.wording import counted
from lakegate.infer import names
from lakegate.infer.seen.dataset import Inferred

Key = tuple[str, ...]
PROBE = 2_000  # records that are enough to see that most are no key
KEYS = ("string", "int", "bigint", "date", "timestamp")
LIKE_A_KEY = re.compile(
    r"(^|_)(id|uuid|guid|key|code|number|no|name|date|day|hour|time|at|month|year|line|seq|part|version"
    r"|partition|offset)\Z"
)
STRONG = ("id", "uuid", "guid", "key", "code", "number", "no")
UPDATED = re.compile(r"(^|_)(updated|modified|changed|last_seen|valid_from)(_|$)")
RANDOM = re.compile(r"[0-9a-fA-F-]{16,36}")  # an identifier that no two things share by chance
FEWEST_FOR_SEVERAL = 20  # records, below which several columns are unique by chance
MOST_PARTS = 3
MOST_NAMED = 10  # columns of which keys are tried
MOST_KINDS = 50  # values of a column that sorts rows
SURE = 3.0  # collisions that chance would bring, and that are not there
ENOUGH = 0.9  # of a dataset's records must differ, of another's values be found


def find_keys(datasets: Sequence[Inferred]) -> None:
    """Gives each dataset its key, where it has one, and what decides between two lines."""
    # Lines that mostly repeat each other are no sign of a key.
    likely = [one for one in datasets if one.rows >= ENOUGH * one.record_count]
    for dataset in likely:
        _find_key(dataset, _single(dataset, datasets))
        if not dataset.primary_key:
            _find_changing(dataset)
    for dataset in likely:
        if not dataset.primary_key and dataset.record_count >= FEWEST_FOR_SEVERAL:
            _find_key(dataset, _lone(dataset, datasets))
        if not dataset.primary_key and dataset.record_count >= FEWEST_FOR_SEVERAL:
            _find_several(dataset, datasets)
        if dataset.primary_key:
            times = [one.column.name for one in dataset.columns if one.column.type == "timestamp"]
            dataset.latest_by = dataset.latest_by or next(filter(UPDATED.search, times), None)


def _find_key(dataset: Inferred, candidates: Iterator[tuple[Key, str]]) -> None:
    """The first that tells all rows apart."""
    for key, why in candidates:
        if _is_unique(dataset, key):
            dataset.primary_key = key
            dataset.key_remark = f"{why}, unique {_in_records(dataset)}"
            return


def _find_several(dataset: Inferred, datasets: Sequence[Inferred]) -> None:
    """Columns that tell all rows apart only together, and that would hardly do so by chance.

    Where chance would do as well, more columns are safer: two lines that differ are then kept.
    """
    named = [
        name
        for name in _usable(dataset)
        if LIKE_A_KEY.search(name) or _refers(name, datasets, dataset)
    ]
    named = named[:MOST_NAMED]
    found = _together(dataset, named, named)
    keys = found or _together(dataset, [*named, *_kinds(dataset, named)], named)
    for count in range(2, MOST_PARTS + 1):
        of_count = [key for key in keys if len(key) == count]
        sure = max(of_count, key=lambda key: _collisions(dataset, key), default=None)
        if sure and _collisions(dataset, sure) >= SURE:
            dataset.primary_key = sure
            dataset.key_remark = f"unique together {_in_records(dataset)}"
            return
    if found:
        dataset.primary_key = next(key for key in found if len(key) == len(found[-1]))
        dataset.key_remark = (
            f"unique together {_in_records(dataset)}, perhaps by chance: look at it"
        )


def _together(dataset: Inferred, columns: Sequence[str], named: Sequence[str]) -> list[Key]:
    """What is unique of several columns together, with at least one that is named like a key."""
    return [
        key
        for count in range(2, MOST_PARTS + 1)
        for key in combinations(columns, count)
        if {*key} & {*named} and _is_unique(dataset, key)
    ]


def _kinds(dataset: Inferred, named: Sequence[str]) -> list[str]:
    """The columns besides with few values, each often: what a measure would be only by chance."""
    return [
        name
        for name in _usable(dataset)
        if name not in named
        and dataset.kind(name) in ("string", "date")
        and len(set(dataset.values(name))) <= MOST_KINDS
    ][:MOST_NAMED]


def _in_records(dataset: Inferred) -> str:
    """Among how many records something is unique; those that repeat one in every column aside."""
    repeated = dataset.record_count - dataset.rows
    told = f"in {counted(dataset.rows, 'record')}"
    return f"{told}, of which {repeated:,} came again" if repeated else told


def _is_unique(dataset: Inferred, key: Key) -> bool:
    """Whether the columns tell all rows apart; lines alike in all columns count once."""
    columns = [dataset.values(name) for name in key]
    probed = len(set(zip(*(column[:PROBE] for column in columns), strict=True)))
    if probed < min(PROBE, dataset.rows) - (dataset.record_count - dataset.rows):
        return False
    return len(set(zip(*columns, strict=True))) == dataset.rows


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
        one.column.name for one in dataset.columns if one.column.type in KEYS and one.is_required
    ]


def _single(dataset: Inferred, all_of_them: Sequence[Inferred]) -> Iterator[tuple[Key, str]]:
    usable = _usable(dataset)
    own = [name for name in _own_names(dataset.name) if name in usable]
    yield from (((name,), "named like its key") for name in own)
    for name in usable:
        if _is_contained(dataset, name, all_of_them):
            yield (name,), "other datasets name it"
    if usable and re.search(r"(^|_)(id|uuid|guid|key|code|number|no|nr)\Z", usable[0]):
        yield (usable[0],), "its first column, named like a key"


def _lone(dataset: Inferred, all_of_them: Sequence[Inferred]) -> Iterator[tuple[Key, str]]:
    """The one identifier that is no other dataset's, made to be unique where lines have a time."""
    named = [name for name in _usable(dataset) if re.search(r"(^|_)(id|uuid|guid)\Z", name)]
    own = [name for name in named if not _refers(name, all_of_them, dataset)]
    if len(own) != 1:
        return
    is_timed = any(one.column.type == "timestamp" for one in dataset.columns)
    if not is_timed or all(RANDOM.fullmatch(str(value)) for value in dataset.values(own[0])):
        yield (own[0],), "the only identifier"


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
            if len(pairs) == dataset.rows and distinct >= ENOUGH * len(pairs):
                dataset.primary_key, dataset.latest_by = (key,), time
                dataset.key_remark = f"named like its key; the line with the latest {time} counts"
                return
