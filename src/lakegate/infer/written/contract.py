"""The contract as text: what was seen stands behind each line, so that a person can judge it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import yaml

from lakegate.contract.wording import counted
from lakegate.infer.seen.columns import Found
from lakegate.infer.seen.dataset import Inferred
from lakegate.infer.shown import in_quotes
from lakegate.infer.written.mart import Mart

SPECIAL = re.compile(r"[\[\]{},:#&*!|>'\"%@`?\\~=<-]|^\s|\s$|^$")
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def contract_text(project: str, datasets: Sequence[Inferred], marts: Sequence[Mart]) -> str:
    """The text of a `pipeline.yaml`."""
    return "\n".join(_lines(project, datasets, marts)) + "\n"


def _lines(project: str, datasets: Sequence[Inferred], marts: Sequence[Mart]) -> Iterator[str]:
    yield "# Made from data files: what was seen stands behind each line. Change it freely."
    yield "version: 2"
    yield f"project: {scalar(project)}"
    yield ""
    yield "datasets:"
    for dataset in datasets:
        yield from _dataset(dataset)
    yield ""
    yield "gold_tables:"
    for mart in marts:
        yield f"  {scalar(mart.name)}: # sql/marts/{mart.name}.sql"
        yield f"    description: {scalar(mart.description)}"
        yield f"    grain: [{', '.join(map(scalar, mart.grain))}]"


def _dataset(dataset: Inferred) -> Iterator[str]:
    were = "was" if dataset.record_count == 1 else "were"
    seen = f"{counted(dataset.record_count, 'record')} {were} seen"
    if dataset.parts > 1:
        seen += f" in {dataset.parts} files, taken for parts of one"
    if not dataset.whole:
        seen = f"the first {seen}, more are there"
    if dataset.malformed:
        seen += f", and {counted(dataset.malformed, 'line')} without one"
    yield f"  {scalar(dataset.name)}: # {seen}"
    if dataset.primary_key:
        key = ", ".join(map(scalar, dataset.primary_key))
        shown = key if len(dataset.primary_key) == 1 else f"[{key}]"
        yield f"    primary_key: {shown} # {dataset.key_remark}"
    else:
        yield "    # no primary_key: nothing named like one is unique, so no line replaces another"
    if dataset.latest_by:
        yield f"    latest_by: {scalar(dataset.latest_by)}"
    if dataset.references:
        yield "    references:"
    for column, to in dataset.references.items():
        target = scalar(to.dataset)
        if to.unknown == "keep":
            target = f"{{dataset: {target}, unknown: keep}}"
        yield f"      {scalar(column)}: {target} # {dataset.remarks[column]}"
    lenient = [found.column.name for found in dataset.columns if found.lenient]
    if lenient:
        yield f"    casts: lenient # needed by {_few(lenient)}"
    yield "    columns:"
    yield from (_column(found, dataset) for found in dataset.columns)


def _column(found: Found, dataset: Inferred) -> str:
    column = found.column
    parts = [f"name: {scalar(column.name)}", f"type: {scalar(column.type)}"]
    if found.is_required:
        parts.append("required: true")
    if column.source:
        parts.append(f"source: {_path(column.source)}")
    if column.epoch:
        parts.append(f"epoch: {column.epoch}")
    remark = f" # {found.remark}" if found.remark else ""
    return f"      - {{{', '.join(parts)}}}{remark}"


def _path(path: Sequence[str]) -> str:
    if any("." in key or not key for key in path):
        return f"[{', '.join(map(scalar, path))}]"
    return scalar(".".join(path))


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def scalar(text: str) -> str:
    """A text as YAML reads it back, also within brackets."""
    is_simple = PLAIN.fullmatch(text) or (text.isprintable() and not SPECIAL.search(text))
    return text if is_simple and _as_read(text) == text else in_quotes(text)


def _as_read(text: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None
