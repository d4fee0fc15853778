"""The physical plan of gold where it matters: shuffles are what a run of any size pays for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from contract import Contract
from glue_jobs.pipeline import Pipeline
from tests.spark import batches, strategies


@pytest.fixture(scope="module")
def plan(
    spark: SparkSession, contract: Contract, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The plan as it is for large inputs, where no table is broadcast for its size.

    Of keys that repeat and of unknown users there are some; else what asks for them is left out.
    """
    folder = tmp_path_factory.mktemp("plan")
    lines = {name: [line, line] for name, line in strategies.GOOD.items()}
    lines["orders"].append(strategies.GOOD["orders"].replace(b'"user_id": 7', b'"user_id": 8'))
    uris = batches.write(folder, lines)
    threshold = "spark.sql.autoBroadcastJoinThreshold"
    before = spark.conf.get(threshold)
    spark.conf.set(threshold, "-1")
    try:
        with Pipeline(spark, contract, uris) as pipeline:
            pipeline.prepare()
            executed = pipeline.user_activity()._jdf.queryExecution().executedPlan()
            yield re.sub(r"InMemoryTableScan.*", "InMemoryTableScan", executed.toString())
    finally:
        spark.conf.set(threshold, before or "10485760")


def test_gold_needs_four_shuffles(plan: str) -> None:
    shuffles = re.findall(r"Exchange hashpartitioning\(([^)]*)", plan)
    columns = [re.sub(r"#\d+L?|, \d+$", "", found).split(", ") for found in shuffles]
    by_user = [found for found in columns if found == ["user_id"]]
    assert len(by_user) == 3  # users, and their orders and events, summed before by each task
    [distinct] = [found for found in columns if found != ["user_id"]]
    assert distinct[:2] == ["user_id", "stg_events.session_id"]  # and the day, a user's few rows


def test_only_what_settles_small_is_broadcast(plan: str) -> None:
    assert "CartesianProduct" not in plan
    assert "BroadcastNestedLoopJoin" not in plan
    sent = (
        r"BroadcastExchange[^\n]*\n(?:[^\n]*(?:Filter|Project)[^\n]*\n)*[^\n]*ExistingRDD\[(\w+)#"
    )
    assert set(re.findall(sent, plan)) == {"key_hash"}  # the first column of odd_keys
    assert plan.count("BroadcastExchange") == len(re.findall(sent, plan))
