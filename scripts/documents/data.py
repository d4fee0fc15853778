"""Writes docs/data_dictionary.md from the contract, so that page and contract cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lakegate import contract
from lakegate.contract import Column, Contract, Dataset, GoldTable
from lakegate.contract.model import Default
from scripts.documents import marked

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "data_dictionary.md"
INPUT_HEAD = "| column | type | | default | allowed | meaning |\n" + "| --- " * 6 + "|"


def tables(rules: Contract) -> str:
    """A section for each dataset and gold table."""
    parts = []
    for name, dataset in rules.datasets.items():
        parts.append("\n".join(_dataset(name, dataset, rules)))
    for name, table in rules.gold_tables.items():
        parts.append("\n".join(_gold(name, table)))
    return "\n".join(parts)


def _dataset(name: str, dataset: Dataset, rules: Contract) -> Iterator[str]:
    yield f"## {name}\n"
    needed = "landed and checked only" if name not in rules.read else "joined where it is there"
    if name in rules.gate.required:
        needed = "required in every batch"
    yield f"{dataset.description} Bronze key `[<batch>/]{name}[-<part>].json`, {needed}."
    key = ", ".join(f"`{column}`" for column in dataset.primary_key)
    latest = f"latest `{dataset.latest_by}`" if dataset.latest_by else "larger values"
    if key:
        yield f"Rows with the same {key}: the one with the {latest} counts."
    for name_of_key, target in dataset.references.items():
        told = {
            "reject": f"must be one of {target.dataset}, or the row is rejected as unknown.",
            "keep": f"names one of {target.dataset}; where there is none, the row is kept.",
        }
        yield f"`{name_of_key}` {told[target.unknown]}"
    if dataset.casts == "lenient":
        yield "Values may be written in other usual ways: casts are lenient."
    if dataset.may_be_empty:
        yield "A file of it may be empty."
    yield f"\n{INPUT_HEAD}"
    for column in dataset.columns:
        yield _row(column, key=column.name in dataset.primary_key)
    yield ""


def _row(column: Column, key: bool) -> str:
    role = "key" if key else "required" if column.required else ""
    default = "" if column.default is None else f"`{_text(column.default)}`"
    allowed = ", ".join(f"`{value}`" for value in column.allowed)
    meaning = [column.description]
    if column.source:
        meaning.append(f"from `{'.'.join(column.source)}`")
    if column.epoch:
        meaning.append(f"as a number in {column.epoch}")
    told = "; ".join(filter(None, meaning))
    cells = (f"`{column.name}`", column.type, role, default, allowed, told)
    return f"| {' | '.join(cells)} |"


def _gold(name: str, table: GoldTable) -> Iterator[str]:
    partitions = ", ".join(f"`{item.name}` ({item.type})" for item in table.partitions)
    yield f"## {name} (gold)\n"
    yield f"{table.description} Unique by {', '.join(f'`{item}`' for item in table.grain)} in a"
    yield f"partition; partitioned by {partitions}.\n"
    yield "| column | type | null | meaning |\n| --- | --- | --- | --- |"
    for column in table.columns:
        null = "never" if column.required else "possible"
        yield f"| `{column.name}` | {column.type} | {null} | {column.description} |"
    yield "\nBefore a run is published, no row may contradict one of these:\n"
    yield "| check | condition |\n| --- | --- |"
    for check, condition in table.row_checks.items():
        yield f"| {check} | `{condition}` |"
    yield "\nAnd each of these aggregates must equal what its query finds:\n"
    yield "| check | aggregate | query |\n| --- | --- | --- |"
    for check, whole in table.checks.items():
        yield f"| {check} | `{whole.found}` | `{whole.expected}` |"
    yield ""


def _text(value: Default) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    made = tables(contract.load(ROOT / "config" / "pipeline.yaml"))
    PAGE.write_text(marked.written(PAGE.read_text("utf-8"), tables=made), "utf-8")
