"""The Lambda entry: settings, budget, and events as hints."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest

from lakegate.aws.settings import read
from lakegate.ledger.engines.function import Failure, Request
from lakegate.reconcile.budget import Budget
from reconciler import handler
from reconciler.settings import Settings


def test_settings_come_from_the_environment() -> None:
    environment = {item.name.upper(): item.name for item in fields(Settings)}
    assert read(Settings, environment | {"OTHER": "1"}).gold_bucket == "gold_bucket"
    with pytest.raises(KeyError, match="GLUE_JOB"):
        read(Settings, {key: value for key, value in environment.items() if key != "GLUE_JOB"})


@pytest.mark.parametrize(
    ("event", "bronze", "failure"),
    [
        ({"detail-type": "Scheduled Event"}, True, None),
        ({}, True, None),
        ({"detail-type": "Glue Job State Change", "detail": {"state": "SUCCEEDED"}}, False, None),
        (
            {
                "requestContext": {"condition": "RetriesExhausted"},
                "requestPayload": {"batch": "b", "revision": "r", "attempt": 2},
            },
            False,
            Failure(Request("b", "r", 2), killed=True),
        ),
        ({"requestContext": {}, "requestPayload": "text"}, True, None),
        ({"requestContext": {}, "requestPayload": {"batch": "b"}}, True, None),
        ({"requestPayload": {"batch": "b", "revision": "r", "attempt": []}}, True, None),
        ({"requestPayload": None, "detail-type": ["Glue Job State Change"]}, True, None),
        (None, True, None),
        ([{"Records": []}], True, None),
    ],
)
def test_the_end_of_a_run_spares_the_look_at_bronze(
    event: Any, bronze: bool, failure: Failure | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def run(budget: Budget, *, look_at_bronze: bool, failure: Failure | None) -> dict[str, int]:
        seen.append((budget.spent(), look_at_bronze, failure))
        return {}

    monkeypatch.setattr(handler, "wired", lambda: SimpleNamespace(run=run))
    context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
    handler.handler(event, context)
    assert seen == [(False, bronze, failure)]


def test_a_budget_ends_before_the_call_does() -> None:
    assert not Budget(lambda: 15_001).spent()
    assert Budget(lambda: 15_000).spent()


def test_a_part_of_a_budget_leaves_the_rest() -> None:
    left = [115_000]
    part = Budget(lambda: left[0]).part(0.25)
    left[0] = 90_001
    assert not part.spent()
    left[0] = 90_000
    assert part.spent()


def test_no_part_is_left_of_a_budget_that_is_spent() -> None:
    assert Budget(lambda: 5_000).part(0.25).spent()
