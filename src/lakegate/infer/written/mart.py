"""A first gold table that runs: what there is of one thing, by another that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakegate.infer import names
from lakegate.infer.seen.columns import Found
from lakegate.infer.seen.dataset import Inferred
from lakegate.infer.written.measures import Measure, is_order, measure

FEWEST_GROUPS, MOST_GROUPS = 2, 50
MOST_NAMED, MOST_NUMBERS = 3, 3


@dataclass(frozen=True)
class Mart:
    """A gold table by its SQL; `reads` are the datasets."""

    name: str
    description: str
    grain: tuple[str, ...]
    sql: str
    reads: tuple[str, ...]


def first_mart(datasets: Sequence[Inferred]) -> Mart:
    """A table for these datasets; of the largest that refers to another, where one does."""
    by_name = {dataset.name: dataset for dataset in datasets}
    joins = [
        (dataset.record_count, dataset, column, by_name[to.dataset])
        for dataset in datasets
        for column, to in dataset.references.items()
        if to.dataset != dataset.name
    ]
    taken = set(by_name)
    if joins:
        _, dataset, column, other = max(joins, key=lambda join: join[0])
        return _joined(dataset, column, other, taken)
    dataset = max(datasets, key=lambda one: one.record_count)
    for column in _groups(dataset):
        return _grouped(dataset, column, taken)
    return _counted(dataset, taken)


def _groups(dataset: Inferred) -> Iterator[str]:
    for found in dataset.columns:
        distinct = len({value for value in found.values if value is not None})
        if (
            found.column.type == "string"
            and FEWEST_GROUPS <= distinct <= MOST_GROUPS
            and 2 * distinct <= dataset.record_count
        ):
            yield found.column.name


def _measures(dataset: Inferred, taken: set[str]) -> Iterator[tuple[str, str]]:
    """(aggregate, name) of what can be counted up in a dataset."""
    count = names.column((names.singular(dataset.name), "count"), taken)
    taken.add(count)
    yield "count(*)", count
    numbers = 0
    for found in dataset.columns:
        name = found.column.name
        how = _how(found)
        if how is None or name in (*dataset.references, *dataset.primary_key):
            continue
        word = "total" if how == "sum" else "average"
        is_total = how == "sum" and re.search(r"(^|_)total(_|$)", name)
        made = names.column((name,) if is_total else (word, name), taken)
        taken.add(made)
        yield f"{how}({(found.number or '{}').format(quoted(name))})", made
        numbers += 1
        if numbers == MOST_NUMBERS:
            break
    times = [one.column.name for one in dataset.columns if one.column.type in ("timestamp", "date")]
    for time in times[:1]:
        for word, aggregate in (("first", "min"), ("last", "max")):
            made = names.column((word, time), taken)
            taken.add(made)
            yield f"{aggregate}({quoted(time)})", made


def _how(found: Found) -> Measure | None:
    """How a column is taken together, where it holds numbers that measure something."""
    column = found.column
    if not (found.number or column.decimal or column.type in ("int", "bigint", "double")):
        return None
    how = measure(column.name, ".".join(column.path))
    whole = {value for value in found.values if isinstance(value, int)}
    if how == "avg" and column.type in ("int", "bigint") and is_order(whole):
        return None
    return how


def _joined(dataset: Inferred, column: str, other: Inferred, taken: set[str]) -> Mart:
    key = other.primary_key[0]
    one = names.singular(other.name)
    name = names.column((one, dataset.name), taken)
    labels = [
        found.column.name
        for found in other.columns
        if found.column.type == "string" and found.column.name != key
    ][:MOST_NAMED]
    measures = list(_measures(dataset, {key, *labels}))
    inner = "".join(f",\n        {aggregate} as {quoted(made)}" for aggregate, made in measures)
    outer = [f"{quoted(other.name)}.{quoted(label)}" for label in (key, *labels)]
    for place, (_, made) in enumerate(measures):
        told = f"{quoted(dataset.name)}.{quoted(made)}"
        outer.append(f"coalesce({told}, 0) as {quoted(made)}" if place == 0 else told)
    on = f"{quoted(other.name)}.{quoted(key)} = {quoted(dataset.name)}.{quoted(column)}"
    sql = f"""-- one row per {one}: its {dataset.name}, also where there are none
with
{quoted(dataset.name)} as (
    select
        {quoted(column)}{inner}
    from {quoted("stg_" + dataset.name)}
    group by {quoted(column)}
)

select
    {("," + chr(10) + "    ").join(outer)}
from {quoted("stg_" + other.name)} as {quoted(other.name)}
left join {quoted(dataset.name)} on {on}
"""
    description = f"One row per {one} with its {dataset.name}."
    return Mart(name, description, (key,), sql, (other.name, dataset.name))


def _grouped(dataset: Inferred, column: str, taken: set[str]) -> Mart:
    name = names.column((dataset.name, "by", column), taken)
    measures = "".join(
        f",\n    {aggregate} as {quoted(made)}" for aggregate, made in _measures(dataset, {column})
    )
    value = quoted(column)
    if not dataset.is_full(column):
        value = f"coalesce({quoted(column)}, 'unknown')"
    shown = value if value == quoted(column) else f"{value} as {quoted(column)}"
    sql = f"""-- one row per {column}: the {dataset.name} that have it
select
    {shown}{measures}
from {quoted("stg_" + dataset.name)}
group by {value}
"""
    return Mart(name, f"One row per {column} of {dataset.name}.", (column,), sql, (dataset.name,))


def _counted(dataset: Inferred, taken: set[str]) -> Mart:
    name = names.column((dataset.name, "summary"), taken)
    measures = "".join(
        f",\n    {aggregate} as {quoted(made)}"
        for aggregate, made in _measures(dataset, {"dataset"})
    )
    sql = f"""-- one row per dataset: all {dataset.name} together
select
    '{dataset.name}' as dataset{measures}
from {quoted("stg_" + dataset.name)}
"""
    return Mart(name, f"All {dataset.name} together.", ("dataset",), sql, (dataset.name,))


def quoted(name: str) -> str:
    """A name in Spark SQL, in quotes where a word of SQL would be read otherwise."""
    from lakegate.transform.sql.dialect import name as identifier  # noqa: PLC0415 - needs DuckDB

    return f"`{name}`" if identifier(name).quoted or re.match("(?i)anti|semi|minus", name) else name
