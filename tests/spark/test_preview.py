"""`make preview` shows what the job makes of the same lines."""

from __future__ import annotations

from collections import Counter

import pytest

from lakegate.contract import Contract
from tests.spark import batches
from tests.spark.conftest import Dirty

pytest.importorskip("sqlglot")
from scripts.previewing.engine import relations

OUTCOMES = "select outcome, line_count from line_outcomes where dataset = $1"
REASONS = "select reason, count(*) from rejected_lines where dataset = $1 group by reason"


def test_preview_and_job_come_to_the_same(contract: Contract, dirty: Dirty) -> None:
    connection = relations(contract, dirty.lines)
    gold = connection.sql("from user_activity").to_arrow_table().to_pylist()
    found = {
        row["user_id"]: {name: batches.in_utc(value) for name, value in row.items()} for row in gold
    }
    assert found == dirty.produced.gold, dirty.again
    for name, outcomes in dirty.produced.outcomes.items():
        assert dict(connection.execute(OUTCOMES, [name]).fetchall()) == outcomes, dirty.again
        reasons = connection.execute(REASONS, [name])
        rejected = Counter(reason for reason, _ in dirty.produced.rejected[name])
        assert dict(reasons.fetchall()) == rejected, dirty.again
