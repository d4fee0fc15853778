"""The datasets of files: columns, keys and references, by what a sample shows."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from lakegate.contract import Column, Dataset
from lakegate.contract.model import Limits
from lakegate.files.errors import FileFault
from lakegate.infer.errors import InferError
from lakegate.infer.opened import opened
from lakegate.infer.reading import Sample, samples
from lakegate.infer.seen import columns
from lakegate.infer.seen.dataset import Inferred
from lakegate.infer.seen.fields import fields
from lakegate.infer.seen.keys import find_keys
from lakegate.infer.seen.references import find_references


class Seen(NamedTuple):
    """What is in files and folders; `left_out` are notes beside the data, and what they are."""

    samples: list[Sample]
    datasets: list[Inferred]
    left_out: tuple[str, ...]


def infer(given: list[Path], limits: Limits | None = None) -> Seen:
    """What is in files and folders. Raises InferError that tells every fault."""
    limits = limits or Limits()
    found, left_out = samples(given, limits)
    datasets = [_dataset(sample, limits) for sample in found]
    bare = [dataset.name for dataset in datasets if not dataset.columns]
    if bare:
        raise InferError(f"{', '.join(bare)}: there are records, but no field in any of them")
    find_keys(datasets)
    find_references(datasets)
    return Seen(found, datasets, left_out)


def _dataset(sample: Sample, limits: Limits) -> Inferred:
    taken: set[str] = set()
    made = []
    for field in fields(sample.records):
        one = columns.found(field, taken, is_csv=sample.is_csv)
        taken.add(one.column.name)
        made.append(one.outside() if _is_outside(one.column, sample, limits) else one)
    return Inferred(
        sample.dataset,
        made,
        len(sample.records),
        sample.whole,
        is_csv=sample.is_csv,
        malformed=sample.malformed,
        parts=len(sample.paths),
    )


def _is_outside(column: Column, sample: Sample, limits: Limits) -> bool:
    """Whether an object around the records has the key, and would be a record if it had to be."""
    alone = Dataset((column,))
    for path in sample.wrapped:
        try:
            if not opened(path, sample.dataset, alone, limits, 0).is_wrapped:
                return True
        except FileFault:
            return True  # as one record it is too long
    return False
