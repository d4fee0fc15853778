"""The physical plan of gold where it matters: shuffles are what a run of any size pays for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.render import render
from tests.spark import batches, strategies


@pytest.fixture(scope="module")
def large(spark: SparkSession) -> Iterator[SparkSession]:
    """The session as it is for large inputs, where no table is broadcast for its size."""
    threshold = "spark.sql.autoBroadcastJoinThreshold"
    before = spark.conf.get(threshold)
    spark.conf.set(threshold, "-1")
    yield spark
    spark.conf.set(threshold, before or "10485760")


@pytest.fixture(scope="module")
def plan(large: SparkSession, contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The plan where lines have to be examined, keys repeat and users are unknown."""
    lines = {name: [line, line] for name, line in strategies.GOOD.items()}
    lines["orders"].append(strategies.GOOD["orders"].replace(b'"user_id": 7', b'"user_id": 8'))
    return planned(large, contract, batches.write(tmp_path_factory.mktemp("plan"), lines))


def planned(spark: SparkSession, contract: Contract, uris: dict[str, tuple[str, ...]]) -> str:
    """The physical plan of gold, without those of what it reads from the cache."""
    planned = render(contract, "spark")
    with SparkEngine(spark, contract) as engine:
        engine.read({name: [SilverFile(uri) for uri in found] for name, found in uris.items()})
        for view in planned.staging:
            engine.view(view)
        [mart] = [view for view in planned.gold if view.name == "user_activity"]
        executed = spark.sql(mart.sql)._jdf.queryExecution().executedPlan()
        return re.sub(r"InMemoryTableScan.*", "InMemoryTableScan", executed.toString())


def test_gold_needs_four_shuffles(plan: str) -> None:
    shuffles = re.findall(r"Exchange hashpartitioning\((.*), \d+\)", plan)
    columns = [re.sub(r"#\d+L?", "", found).split(", ") for found in shuffles]
    by_user = [found for found in columns if found == ["user_id"]]
    assert len(by_user) == 3  # users, and their orders and events, summed before by each task
    [distinct] = [found for found in columns if found != ["user_id"]]
    assert {"user_id", "stg_events.session_id"} < {*distinct}  # and the day, a user's few rows


def test_only_what_settles_small_is_broadcast(plan: str) -> None:
    assert "CartesianProduct" not in plan
    assert "BroadcastNestedLoopJoin" not in plan
    sent = (
        r"BroadcastExchange[^\n]*\n(?:[^\n]*(?:Filter|Project)[^\n]*\n)*[^\n]*ExistingRDD\[(\w+)#"
    )
    # The first columns of odd_keys and unknown_users.
    assert set(re.findall(sent, plan)) == {"_key_hash", "_key"}
    assert plan.count("BroadcastExchange") == len(re.findall(sent, plan))


def test_nothing_is_planned_for_what_good_lines_do_not_need(
    plan: str, large: SparkSession, contract: Contract, tmp_path: Path
) -> None:
    """Good lines of distinct keys: no others to add, nothing to leave out."""
    lines = {
        "users": [b'{"user_id":7,"signed_up_at":"2026-01-01T00:00:00Z"}'],
        "events": [
            b'{"event_id": "e1", "user_id": 7, "session_id": null, "event_type": "search", '
            b'"occurred_at": "2026-01-01T00:00:00.5"}'
        ],
        "orders": [
            b'{"order_id":"o1","user_id":7,"ordered_at":"2026-01-01T00:00:00Z",'
            b'"status":"paid","amount":10.50,"item_count":1,"payment_method":"card"}'
        ],
    }
    clean = planned(large, contract, batches.write(tmp_path, lines))
    for spared in ("Union", "Broadcast", "LeftAnti"):
        assert spared in plan
        assert spared not in clean
