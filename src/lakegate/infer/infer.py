"""The datasets of files: columns, keys and references, by what a sample shows."""

from __future__ import annotations

from pathlib import Path

from lakegate.contract.model import Limits
from lakegate.infer import columns
from lakegate.infer.errors import InferError
from lakegate.infer.fields import fields
from lakegate.infer.keys import Inferred, find_keys, find_references
from lakegate.infer.reading import Sample, samples


def infer(given: list[Path], limits: Limits | None = None) -> tuple[list[Sample], list[Inferred]]:
    """What is in files and folders. Raises InferError that tells every fault."""
    found = samples(given, limits or Limits())
    datasets = [_dataset(sample) for sample in found]
    bare = [dataset.name for dataset in datasets if not dataset.columns]
    if bare:
        raise InferError(f"{', '.join(bare)}: there are records, but no field in any of them")
    find_keys(datasets)
    find_references(datasets)
    return found, datasets


def _dataset(sample: Sample) -> Inferred:
    taken: set[str] = set()
    made = []
    for field in fields(sample.records):
        one = columns.found(field, taken, is_csv=sample.is_csv)
        taken.add(one.column.name)
        made.append(one)
    return Inferred(
        sample.dataset,
        made,
        len(sample.records),
        sample.whole,
        is_csv=sample.is_csv,
        malformed=sample.malformed,
    )
