"""One user with half of all events stalls nothing: no task gets much more than its share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark import session
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.render import render
from tests.spark import batches

USERS, EVENTS, ORDERS, PARTITIONS = 1_000, 40_000, 40_000, 4
USER = b'{"user_id":%d,"signed_up_at":"2026-01-01T00:00:00Z"}'
EVENT = (
    b'{"event_id":"e%d","user_id":%d,"session_id":"s%d","event_type":"search",'
    b'"occurred_at":"2026-03-0%dT00:00:00Z"}'
)
ORDER = (
    b'{"order_id":"o%d","user_id":%d,"ordered_at":"2026-10-25T02:30:00Z","status":"paid",'
    b'"amount":0.10}'
)


@pytest.fixture(scope="module")
def skewed(
    spark: SparkSession, contract: Contract, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[int, Any], list[list[int]]]]:
    """The gold of a batch whose first user has half of all events and orders, and the bytes of each
    partition of each shuffle that it took."""
    lines = {
        "users": [USER % n for n in range(USERS)],
        "events": [EVENT % (n, whose(n), n // 5, 1 + n % 9) for n in range(EVENTS)],
        "orders": [ORDER % (n, whose(n)) for n in range(ORDERS)],
    }
    uris = batches.write(tmp_path_factory.mktemp("skewed"), lines)
    # Nothing is broadcast for its size, as with a batch of any size.
    settings = {"spark.sql.autoBroadcastJoinThreshold": "-1"}
    before = {key: str(spark.conf.get(key)) for key in settings}
    for key, value in settings.items():
        spark.conf.set(key, value)
    size = PARTITIONS * session.BYTES_PER_PARTITION // len(uris)
    planned = render(contract, "spark")
    with SparkEngine(spark, contract) as engine:
        engine.read({name: [SilverFile(uri, size)] for name, (uri,) in uris.items()})
        for view in planned.staging:
            engine.view(view)
        [mart] = [view for view in planned.gold if view.name == "user_activity"]
        gold = spark.sql(mart.sql)
        rows = {row.user_id: row for row in gold.collect()}
        yield rows, list(shuffled(gold._jdf.queryExecution().executedPlan()))
    for key, value in before.items():
        spark.conf.set(key, value)


def whose(number: int) -> int:
    """Every other line is of user 0, the others of all others."""
    return number % 2 * (number % USERS)


def shuffled(plan: Any) -> Iterator[list[int]]:
    """Bytes by partition of every shuffle below a node of a plan that has run."""
    kind = plan.getClass().getSimpleName()
    if kind == "AdaptiveSparkPlanExec":
        yield from shuffled(plan.executedPlan())
    if kind == "ShuffleQueryStageExec":
        yield list(plan.mapStats().get().bytesByPartitionId())
    if kind.endswith("QueryStageExec"):
        yield from shuffled(plan.plan())
    for number in range(plan.children().size()):
        yield from shuffled(plan.children().apply(number))


def test_its_numbers_are_right_to_the_cent(skewed: Any) -> None:
    first, other = skewed[0][0], skewed[0][1]
    assert first.revenue == Decimal(ORDERS // 2) * Decimal("0.10")
    assert (first.event_count, first.active_days) == (EVENTS // 2, 9)
    assert other.event_count == EVENTS // USERS


def test_no_task_gets_much_more_than_its_share(skewed: Any) -> None:
    assert len(skewed[1]) == 4
    for sizes in skewed[1]:
        assert len(sizes) == PARTITIONS
        assert max(sizes) < 1.5 * sum(sizes) / PARTITIONS, skewed[1]
