"""Writes a project from data files, so that it runs as it is."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lakegate.infer import names
from lakegate.infer.errors import InferError
from lakegate.infer.infer import infer
from lakegate.infer.reading import Sample
from lakegate.infer.seen.dataset import Inferred
from lakegate.infer.written.contract import contract_text
from lakegate.infer.written.mart import Mart, first_mart

KEPT = re.compile(r"\.(json|jsonl|ndjson|csv)(\.gz)?\Z", re.IGNORECASE)
Case = Callable[[Path, Mart, Sequence[Sample], Sequence[Inferred]], str]
LONGEST_NAME = 21  # of a project, whose name is part of those of buckets


@dataclass(frozen=True)
class Made:
    """A project that was written: its files, and what beside the data was left out, and why."""

    folder: Path
    files: tuple[str, ...]
    left_out: tuple[str, ...]


def new(folder: Path, given: Sequence[Path], case: Case) -> Made:
    """Writes the project; `case` gives the text of its first case from the written project.

    Raises InferError if the folder holds anything or the files are no data; nothing is left then.
    """
    if folder == Path():
        raise InferError("PROJECT is empty: name the folder to write")
    name = project_name(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InferError(f"{folder} is there already: name a folder that is not")
    samples, datasets, left_out = infer(list(given))
    mart = first_mart(datasets)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
        made = Path(scratch) / folder.name
        _write(made / "pipeline.yaml", contract_text(name, datasets, [mart]))
        _write(made / "sql" / "marts" / f"{mart.name}.sql", mart.sql)
        _copy(samples, made / "sample_data")
        _write(made / "tests" / mart.name / "first_rows.yaml", case(made, mart, samples, datasets))
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return Made(folder, tuple(files), left_out)


def project_name(folder: Path) -> str:
    """The name of a project in that folder. Raises InferError if none can be made of it."""
    name = names.identifier(folder.resolve().name).replace("_", "-")
    name = name[:LONGEST_NAME].rstrip("-")
    if not name:
        raise InferError(f"{folder}: a project is called after its folder; use letters from a to z")
    return name


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _copy(samples: Sequence[Sample], folder: Path) -> None:
    """The files under the names that a producer must give them."""
    folder.mkdir(parents=True)
    written = []
    for sample in samples:
        parts = [names.dataset_and_part(path.name)[1] for path in sample.paths]
        if not all(parts) or len(set(parts)) < len(parts):
            parts = [f"{number:04d}" for number in range(1, len(parts) + 1)]
        for path, part in zip(sample.paths, parts, strict=True):
            suffix = KEPT.search(path.name)
            packed = ".gz" if path.name.lower().endswith(".gz") else ""
            ending = (
                suffix[0].lower() if suffix else (".csv" if sample.is_csv else ".json") + packed
            )
            name = f"{sample.dataset}{f'-{part}' if len(sample.paths) > 1 else ''}{ending}"
            shutil.copyfile(path, folder / name)
            written.append(name)
    if any(len(sample.paths) > 1 for sample in samples):
        manifest = {"version": 1, "files": sorted(written)}
        _write(folder / "_manifest.json", json.dumps(manifest, indent=2) + "\n")
