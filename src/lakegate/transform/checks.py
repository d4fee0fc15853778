"""The contract's checks of a gold table: each has a query that must find nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from lakegate.contract import Column, GoldTable
from lakegate.transform.errors import CheckError

SAMPLE = 5


@dataclass(frozen=True)
class Outcome:
    """Whether one check holds; if not, `sample` has the first offending rows."""

    name: str
    query: str
    holds: bool
    sample: tuple[dict[str, Any], ...] = ()


def run(spark: SparkSession, name: str, table: GoldTable) -> tuple[dict[str, Any], list[Outcome]]:
    """The totals of the table, which is a view of that name, and the outcome of every check.

    One query tries all of it.
    """
    wanted = queries(name, table)
    row = spark.sql(f"select {', '.join(_aggregates(name, table, wanted))} from {name}").first()
    assert row is not None
    found = row.asDict()
    totals = {total: 0 if found[total] is None else found[total] for total in table.totals}
    checked = [
        Outcome(check, query, holds=False, sample=_sample(spark, query))
        if found[_column(check)]
        else Outcome(check, query, holds=True)
        for check, query in wanted.items()
    ]
    return totals | {"row_hash": found["row_hash"]}, checked


def conditions(table: GoldTable) -> dict[str, str]:
    """Check name to what no row may contradict: what columns imply, then what is declared."""
    required = [f"{column.name} is not null" for column in table.columns if column.required]
    accepted = [
        f"{column.name} in ({', '.join(repr(value) for value in column.allowed)})"
        for column in table.columns
        if column.allowed
    ]
    derived = {"not_null": " and ".join(required), "accepted_values": " and ".join(accepted)}
    return {check: text for check, text in derived.items() if text} | table.row_checks


def queries(name: str, table: GoldTable) -> dict[str, str]:
    """Check name to a query that must find nothing."""
    key = ", ".join(table.grain)
    rows = {
        check: f"select * from {name} where not ({text})"
        for check, text in conditions(table).items()
    }
    unique = f"select {key}, count(*) from {name} group by {key} having count(*) > 1"
    wholes = {
        check: f"select {whole.found} as found, ({whole.expected}) as expected from {name} "
        f"having {_differs('found', 'expected')}"
        for check, whole in table.checks.items()
    }
    return {"unique_key": unique} | rows | wholes


def _aggregates(name: str, table: GoldTable, wanted: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{aggregate} as `{total}`" for total, aggregate in table.totals.items())
    yield f"{_row_hash(table.columns)} as row_hash"
    failed = {check: f"(select count(*) > 0 from ({query}))" for check, query in wanted.items()}
    for check, text in conditions(table).items():
        failed[check] = f"count_if(not ({text})) > 0"
    for check, whole in table.checks.items():
        failed[check] = _differs(whole.found, f"({whole.expected})")
    yield from (f"{has_failed} as `{_column(check)}`" for check, has_failed in failed.items())


def _differs(found: str, expected: str) -> str:
    return f"coalesce({found}, 0) <> coalesce({expected}, 0)"


def _column(check: str) -> str:
    return f"check:{check}"


def _row_hash(columns: Sequence[Column]) -> str:
    """Of all rows in whatever order; rows differ by their key, so that none cancels another."""
    nulls = [f"{column.name} is null" for column in columns if not column.required]
    hashed = ", ".join([column.name for column in columns] + nulls)  # a hash skips nulls itself
    return f"hex(bit_xor(xxhash64({hashed})))"


def _sample(spark: SparkSession, query: str) -> tuple[dict[str, Any], ...]:
    rows = spark.sql(query).limit(SAMPLE).collect()
    return tuple({key: str(value) for key, value in row.asDict().items()} for row in rows)


def require(outcomes: list[Outcome]) -> None:
    """Raises CheckError that names each check that does not hold, and one row that offends."""
    failed = [outcome for outcome in outcomes if not outcome.holds]
    if failed:
        causes = "; ".join(
            f"{outcome.name}, e.g. {outcome.sample[0]}" if outcome.sample else outcome.name
            for outcome in failed
        )
        raise CheckError(f"checks failed: {causes}")
