"""The contract's checks of a gold table: each is a query that must find nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from contract import GoldTable
from glue_jobs.errors import CheckError

SAMPLE = 5


@dataclass(frozen=True)
class Outcome:
    """What one check found; `sample` has the first offending rows."""

    name: str
    query: str
    sample: tuple[dict[str, Any], ...]

    @property
    def holds(self) -> bool:
        """Whether nothing offends."""
        return not self.sample


def run(spark: SparkSession, name: str, table: GoldTable) -> list[Outcome]:
    """The outcome of every check of the table, which is a view of that name."""
    wanted = queries(name, table)
    offending = _offending(spark, name, table)
    return [
        Outcome(check, query, _sample(spark, query) if check in offending else ())
        for check, query in wanted.items()
    ]


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
    return {"unique_key": unique} | rows | table.checks


def _offending(spark: SparkSession, name: str, table: GoldTable) -> set[str]:
    """The checks that do not hold, all of them tried in one query."""
    rules = conditions(table)
    tried = [f"count_if(not ({text})) as `{check}`" for check, text in rules.items()]
    tried += [
        f"(select count(*) from ({query})) as `{check}`"
        for check, query in queries(name, table).items()
        if check not in rules
    ]
    counts = spark.sql(f"select {', '.join(tried)} from {name}").first()
    assert counts is not None
    return {check for check, count in counts.asDict().items() if count}


def _sample(spark: SparkSession, query: str) -> tuple[dict[str, Any], ...]:
    rows = spark.sql(query).limit(SAMPLE).collect()
    return tuple({key: str(value) for key, value in row.asDict().items()} for row in rows)


def require(outcomes: list[Outcome]) -> None:
    """Raises CheckError that names each check that does not hold, and one row that offends."""
    failed = [outcome for outcome in outcomes if not outcome.holds]
    if failed:
        causes = "; ".join(f"{outcome.name}, e.g. {outcome.sample[0]}" for outcome in failed)
        raise CheckError(f"checks failed: {causes}")
