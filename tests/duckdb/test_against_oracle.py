"""The job's SQL on DuckDB comes to what the rules in plain Python say, on any dirt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from lakegate.contract import Contract, load
from tests.duckdb.computed import relations
from tests.oracle import expect
from tests.spark import strategies

ROOT = Path(__file__).resolve().parents[2]
ORDER = b'{"order_id":"%d","user_id":1,"ordered_at":"2026-01-0%dT00:00:00Z","status":"paid",%s}'
USER = b'{"user_id":1,"signed_up_at":"2026-01-01T00:00:00Z"}'


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load(ROOT / "config" / "pipeline.yaml")


REASONS = "select reason, count(*) from rejected_lines where dataset = $1 group by reason"


def orders(*amounts: bytes) -> dict[str, list[bytes]]:
    """One user with paid orders of these amounts."""
    lines = [ORDER % (n, 1 + n % 9, b'"amount":' + amount) for n, amount in enumerate(amounts)]
    return {"users": [USER], "events": [], "orders": lines}


@settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@example(batch=orders(b"0.01", b"0.00"))  # half a cent on average
@example(batch=orders(b"-0.01", b"0.00"))
@example(batch=orders(*[b"0.10"] * 1000))
@example(batch=orders(b"9999999999.99", b"9999999999.98", b'"1e2"'))
@given(batch=strategies.batches)
def test_the_sql_comes_to_what_the_rules_say(
    contract: Contract, batch: dict[str, list[bytes]]
) -> None:
    require(contract, batch)


def test_many_lines_come_to_what_the_rules_say(contract: Contract) -> None:
    batch, again = strategies.drawn()
    require(contract, batch, again)


def require(contract: Contract, batch: dict[str, list[bytes]], again: str = "") -> None:
    """Outcomes, gold and reasons are those of the rules."""
    expected = expect(batch)
    outcomes: dict[str, dict[str, int]] = {name: {} for name in batch}
    with relations(contract, batch) as connection:
        for dataset, outcome, count in connection.execute("from line_outcomes").fetchall():
            outcomes[dataset][outcome] = int(count)
        for name, counts in expected.outcomes.items():
            assert outcomes[name] == counts, again
        assert gold(connection) == expected.gold, again
        for name, rejected in expected.rejected.items():
            reasons = connection.execute(REASONS, [name])
            assert dict(reasons.fetchall()) == Counter(why for why, _ in rejected), again


def gold(connection: Any) -> dict[int, dict[str, Any]]:
    """The rows of user_activity by user_id."""
    rows = connection.sql("from user_activity").to_arrow_table().to_pylist()
    return {row["user_id"]: row for row in rows}
