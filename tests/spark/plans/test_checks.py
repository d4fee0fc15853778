"""What must hold before a table is published; each check fails by its name, with a row to see."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Check, Column, GoldTable
from lakegate.transform import checks
from lakegate.transform.check_queries import checks as queries
from lakegate.transform.dialects import SPARK
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.errors import CheckError

NAMES = ("unique_key", "not_null", "accepted_values", "is_positive", "adds_up")
GOOD = ("(1, 'a', 1)", "(2, 'b', 2)")


@pytest.fixture(scope="module")
def table() -> GoldTable:
    return GoldTable(
        description="Two rows that add up to three.",
        reads=("users",),
        grain=("id",),
        columns=(
            Column("id", "bigint", "Key", required=True),
            Column("kind", "string", "One of two", allowed=("a", "b")),
            Column("size", "int", "How large"),
        ),
        partitions=(),
        totals={"users": "count(*)"},
        row_checks={"is_positive": "size > 0"},
        checks={"adds_up": Check("sum(size)", "select 3")},
    )


def columns(table: GoldTable) -> dict[str, str]:
    return {column.name: column.type for column in table.columns}


def run(
    spark: SparkSession, name: str, table: GoldTable
) -> tuple[dict[str, Any], list[checks.Outcome]]:
    """What the checks of a table find in the view of that name."""
    engine = SparkEngine(spark, None)  # type: ignore[arg-type]
    return checks.run(engine, name, queries(name, table, SPARK, {name: columns(table)}))


def outcomes(spark: SparkSession, table: GoldTable, *rows: str) -> list[checks.Outcome]:
    values = spark.sql(f"select * from values {', '.join(rows)} as small (id, kind, size)")
    values.createOrReplaceTempView("small")
    return run(spark, "small", table)[1]


def test_good_rows_pass_all(spark: SparkSession, table: GoldTable) -> None:
    found = outcomes(spark, table, *GOOD)
    assert [outcome.name for outcome in found if outcome.holds] == list(NAMES)
    checks.require(found)


@pytest.mark.parametrize(
    ("rows", "failed", "seen"),
    [
        (("(1, 'a', 1)", "(1, 'b', 2)"), "unique_key", {"id": "9", "_rows": "9"}),
        (("(null, 'a', 1)", "(2, 'b', 2)"), "not_null", {"id": "None", "kind": "a", "size": "9"}),
        (("(1, 'c', 1)", "(2, 'b', 2)"), "accepted_values", {"id": "9", "kind": "a", "size": "9"}),
        (("(1, 'a', 4)", "(2, 'b', -1)"), "is_positive", {"id": "9", "kind": "a", "size": "-9"}),
        (("(1, 'a', 1)", "(2, 'b', 3)"), "adds_up", {"found": "4", "expected": "3"}),
        (("(1, 'a', null)",), "adds_up", {"found": "None", "expected": "3"}),
    ],
)
def test_what_fails_is_named_with_a_row(
    spark: SparkSession, table: GoldTable, rows: tuple[str, ...], failed: str, seen: dict[str, str]
) -> None:
    found = outcomes(spark, table, *rows)
    assert [(item.name, item.sample) for item in found if not item.holds] == [(failed, (seen,))]
    with pytest.raises(CheckError, match=f"small: {failed}"):
        checks.require(found)


def test_what_fails_without_a_row_to_see_fails() -> None:
    with pytest.raises(CheckError, match="adds_up"):
        checks.require([checks.Outcome("adds_up", "q", holds=False)])


def test_null_contradicts_no_condition(spark: SparkSession, table: GoldTable) -> None:
    found = outcomes(spark, table, *GOOD, "(3, null, null)")
    assert all(outcome.holds for outcome in found)


def test_the_sum_of_nothing_is_zero(spark: SparkSession, table: GoldTable) -> None:
    nothing = dataclasses.replace(table, checks={"adds_up": Check("sum(size)", "select 0")})
    assert all(outcome.holds for outcome in outcomes(spark, nothing, "(1, 'a', null)"))


def test_the_row_hash_is_of_all_rows_in_any_order_and_knows_where_nulls_stand(
    spark: SparkSession, table: GoldTable
) -> None:
    columns = (
        Column("id", "int", "", required=True),
        Column("a", "int", ""),
        Column("b", "int", ""),
    )
    pairs = dataclasses.replace(table, columns=columns, row_checks={}, checks={})

    def row_hash(*rows: str) -> str:
        values = spark.sql(f"select * from values {', '.join(rows)} as pairs (id, a, b)")
        values.createOrReplaceTempView("pairs")
        facts, _ = run(spark, "pairs", pairs)
        assert facts["rows"] == len(rows)
        return str(facts["row_hash"])

    first, moved, other = "(1, 5, null)", "(1, null, 5)", "(2, 5, 5)"
    assert row_hash(first, other) == row_hash(other, first)
    assert row_hash(first, other) != row_hash(moved, other)
    assert row_hash(first) != row_hash(first, other)
