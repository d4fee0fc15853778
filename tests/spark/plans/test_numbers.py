"""What is picked out of few whole numbers in this process is what Spark's SQL finds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.transform.engines.spark import numbers
from tests.spark import batches
from tests.spark.conftest import Dirty

ENDS = [-(2**63), -1, 0, 2**63 - 1]


@pytest.mark.parametrize("seed", range(3))
def test_those_are_picked_that_are_there_again(seed: int, spark: SparkSession) -> None:
    rng = Random(seed)
    drawn = rng.choices([*ENDS, *range(1_000)], k=1_500) + ENDS
    rows = spark.createDataFrame([(one,) for one in drawn], "n bigint").repartition(5)
    found = numbers.picked(rows)
    assert found is not None
    assert sorted(row.n for row in found.collect()) == sorted(
        one for one, count in Counter(drawn).items() if count > 1
    )


def test_those_are_picked_that_are_never_known(spark: SparkSession) -> None:
    rows = [(7, 0), (7, 0), (8, 0), (8, 1), (9, 1), (-3, 0), (2**31 - 1, 0)]
    found = numbers.picked(spark.createDataFrame(rows, "n int, is_known int"))
    assert found is not None
    assert sorted(row.n for row in found.collect()) == [-3, 7, 2**31 - 1]
    assert found.schema["n"].dataType.simpleString() == "int"


def test_all_are_picked_where_none_is_known(spark: SparkSession) -> None:
    found = numbers.picked(spark.createDataFrame([(5, 0), (5, 0)], "n bigint, is_known int"))
    assert found is not None
    assert [row.n for row in found.collect()] == [5]


def test_nothing_is_picked_where_nothing_is(spark: SparkSession) -> None:
    for schema in ("n bigint", "n bigint, is_known int"):
        found = numbers.picked(spark.createDataFrame([], schema))
        assert found is not None
        assert found.collect() == []


def test_texts_and_crowds_are_left_to_spark(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert numbers.picked(spark.createDataFrame([("a", 0)], "n string, is_known int")) is None
    monkeypatch.setattr(numbers, "MOST_FOUND", 1)
    assert numbers.picked(spark.createDataFrame([(1, 0), (2, 0)], "n int, is_known int")) is None


def test_a_batch_of_many_lines_comes_to_the_same(
    spark: SparkSession,
    contract: Contract,
    dirty: Dirty,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(numbers, "picked", asked.append)
    monkeypatch.setattr(numbers, "MOST", 10)
    other = batches.run(spark, contract, batches.write(tmp_path, dirty.lines), tmp_path)
    assert not asked
    assert other.gold == dirty.produced.gold, dirty.again
    assert other.outcomes == dirty.produced.outcomes, dirty.again
