"""The first case of a new project: a few of its lines, and what the first table makes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lakegate.contract.project import Project
from lakegate.infer.reading import Sample
from lakegate.infer.seen.dataset import Inferred
from lakegate.infer.written.contract import scalar
from lakegate.infer.written.mart import Mart
from lakegate.trial import tokens
from lakegate.trial.running import Trial

LINES = 2  # of the dataset that is counted up


def case(folder: Path, mart: Mart, samples: Sequence[Sample], datasets: Sequence[Inferred]) -> str:
    """The text of a case of a written project; what it expects is what its SQL gives today."""
    by_name = {dataset.name: dataset for dataset in datasets}
    chosen = _chosen(by_name, mart)
    records = {sample.dataset: sample.records for sample in samples}
    given = {
        name: [tokens.as_json(records[name][place]) for place in sorted(places)]
        for name, places in chosen.items()
    }
    trial = Trial(Project.open(folder).contract)
    lines = {name: [row.encode() for row in rows] for name, rows in given.items()}
    return "\n".join(_lines(mart, given, trial.rows(mart.name, lines))) + "\n"


def _chosen(datasets: Mapping[str, Inferred], mart: Mart) -> dict[str, set[int]]:
    """Places of records by dataset: some of the last one that is read, and all that they name."""
    chosen: dict[str, set[int]] = {}
    counted = datasets[mart.reads[-1]]
    open_ends = [(counted.name, place) for place in _start(counted, datasets)]
    while open_ends:
        name, place = open_ends.pop()
        if place in chosen.setdefault(name, set()):
            continue
        chosen[name].add(place)
        for column, to in datasets[name].references.items():
            target = datasets[to.dataset]
            wanted = datasets[name].values(column)[place]
            keys = target.values(target.primary_key[0])
            if wanted is not None and wanted in keys:
                open_ends.append((to.dataset, keys.index(wanted)))
    return chosen


def _start(dataset: Inferred, datasets: Mapping[str, Inferred]) -> list[int]:
    """Records whose references are found, so that they count."""
    found = []
    for place in range(dataset.record_count):
        if all(_is_found(dataset, column, place, datasets) for column in dataset.references):
            found.append(place)
        if len(found) == LINES:
            break
    return found


def _is_found(dataset: Inferred, column: str, place: int, datasets: Mapping[str, Inferred]) -> bool:
    target = datasets[dataset.references[column].dataset]
    return dataset.values(column)[place] in target.values(target.primary_key[0])


def _lines(
    mart: Mart, given: Mapping[str, Sequence[str]], rows: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    yield f"# Lines of the sample data, and what sql/marts/{mart.name}.sql made of them when it was"
    yield "# written. Look at it, then add cases of your own. `make test-project` runs them all."
    yield "given:"
    for name, lines in sorted(given.items()):
        yield f"  {scalar(name)}:"
        yield from (f"    - {line}" for line in lines)
    yield "expect:"
    for row in rows:
        cells = ", ".join(f"{scalar(name)}: {_cell(value)}" for name, value in row.items())
        yield f"  - {{{cells}}}"


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return json.dumps(value.isoformat().replace("+00:00", "Z"))
    if isinstance(value, date):
        return json.dumps(value.isoformat())
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value, ensure_ascii=False)
