"""`make preview` shows what the job makes of the same lines."""

from __future__ import annotations

from collections import Counter

import pytest

from lakegate.contract import Contract
from tests.spark.conftest import Dirty

pytest.importorskip("sqlglot")
from scripts.previewing.engine import relations

OUTCOMES = "select outcome, line_count from outcomes where dataset = $1"
REASONS = "select reason, sum(line_count) from rejected where dataset = $1 group by reason"


def test_preview_and_job_come_to_the_same(contract: Contract, dirty: Dirty) -> None:
    connection = relations(contract, dirty.lines)
    gold = connection.sql("from user_activity").to_arrow_table().to_pylist()
    assert {row["user_id"]: row for row in gold} == dirty.produced.gold, dirty.again
    for name, outcomes in dirty.produced.outcomes.items():
        found = connection.execute(OUTCOMES, [name])
        counts = {outcome: count for outcome, count in outcomes.items() if outcome != "used"}
        assert dict(found.fetchall()) == counts, dirty.again
        reasons = connection.execute(REASONS, [name])
        rejected = Counter(reason for reason, _ in dirty.produced.rejected[name])
        assert dict(reasons.fetchall()) == rejected, dirty.again
