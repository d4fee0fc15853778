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
    outcomes = []
    for check, query in queries(name, table).items():
        rows = spark.sql(query).limit(SAMPLE).collect()
        sample = tuple({key: str(value) for key, value in row.asDict().items()} for row in rows)
        outcomes.append(Outcome(check, query, sample))
    return outcomes


def queries(name: str, table: GoldTable) -> dict[str, str]:
    """Check name to query: those that follow from grain and columns, then the declared ones."""
    key = ", ".join(table.grain)
    absent = " or ".join(f"{column.name} is null" for column in table.columns if column.required)
    return {
        "unique_key": f"select {key}, count(*) from {name} group by {key} having count(*) > 1",
        "not_null": f"select * from {name} where {absent}",
    } | table.checks


def require(outcomes: list[Outcome]) -> None:
    """Raises CheckError that names each check that does not hold, and one row that offends."""
    failed = [outcome for outcome in outcomes if not outcome.holds]
    if failed:
        causes = "; ".join(f"{outcome.name}, e.g. {outcome.sample[0]}" for outcome in failed)
        raise CheckError(f"checks failed: {causes}")
