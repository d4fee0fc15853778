"""What Lambda tells of an event that it has given up, and how soon the batch goes on."""

from __future__ import annotations

from typing import Any

import pytest

from lakegate.ledger import claims
from lakegate.ledger.engines.function import Failure, Request
from lakegate.ledger.gate import decide
from lakegate.ledger.records import Claim
from tests.faults.world import World

RAISED = {
    "errorMessage": "s3://silver/orders is not there",
    "errorType": "InputError",
    "requestId": "e4b46cbf-b738-4880-8a69-da4ddcb6f4fa",
    "stackTrace": ['  File "/var/task/duckdb_engine/handler.py", line 40, in handler\n'],
}
KILLED = {
    "errorType": "Runtime.OutOfMemory",
    "errorMessage": "RequestId: e4b46cbf Error: Runtime exited with error: signal: killed",
}
OUT_OF_TIME = {
    "errorType": "Sandbox.Timedout",
    "errorMessage": "RequestId: e4b46cbf Error: Task timed out after 900.00 seconds",
}


def record(request: Request, answer: dict[str, Any] | None) -> dict[str, Any]:
    """An invocation record as AWS documents it; one whose event has aged has no answer."""
    told: dict[str, Any] = {
        "version": "1.0",
        "timestamp": "2026-11-14T18:16:05.568Z",
        "requestContext": {
            "requestId": "e4b46cbf-b738-4880-8a69-da4ddcb6f4fa",
            "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:x:$LATEST",
            "condition": "RetriesExhausted" if answer else "EventAgeExceeded",
            "approximateInvokeCount": 1 if answer else 0,
        },
        "requestPayload": {
            "batch": request.batch,
            "revision": request.revision,
            "attempt": request.attempt,
        },
    }
    if answer:
        told["responseContext"] = {"statusCode": 200, "functionError": "Unhandled"}
        told["responsePayload"] = answer
    return told


@pytest.fixture
def world() -> World:
    """A batch whose run the function was asked for."""
    world = World("duckdb")
    world.upload_batch("a")
    world.deliver()
    return world


def claim(world: World) -> Claim:
    index, _ = world.peek("a")
    assert index is not None
    stored = claims.read(world.store(), "a", decide(("users", "events", "orders"), index).revision)
    assert stored is not None
    return stored.record


def fail(world: World, answer: dict[str, Any] | None) -> Failure:
    """The newest run ends half-way, with a report where it could; what Lambda then tells."""
    run = world.cloud.functions.runs[-1]
    stages = world.job(run)
    while next(stages) != "fenced":
        pass
    stages.close()  # type: ignore[attr-defined]
    if answer is RAISED:
        world.report(run, f"dk_{run['Id']}_1", "FAILED")
    found = claim(world)
    failure = Failure.read(record(Request("a", found.revision, found.attempt), answer))
    assert failure is not None
    return failure


@pytest.mark.parametrize("answer", [RAISED, KILLED, OUT_OF_TIME])
def test_a_run_that_failed_is_followed_as_soon_as_lambda_tells(
    world: World, answer: dict[str, Any]
) -> None:
    failure = fail(world, answer)
    world.reconcile(look_at_bronze=False, failure=failure)
    assert [ended.attempt for ended in claim(world).ended] == [1]
    assert len(world.cloud.functions.runs) == 2
    world.run_jobs()
    assert world.is_published("a")


def test_being_told_twice_or_late_starts_nothing_more(world: World) -> None:
    failure = fail(world, KILLED)
    for _ in range(3):
        world.reconcile(look_at_bronze=False, failure=failure)
    assert (claim(world).attempt, len(world.cloud.functions.runs)) == (2, 2)
    world.run_jobs()
    world.reconcile(look_at_bronze=False, failure=failure)
    assert world.is_published("a")
    assert len(world.cloud.functions.runs) == 2


def test_an_error_of_a_second_delivery_does_not_end_the_run_that_works(world: World) -> None:
    """It raised before it could see the fence, and has left no report."""
    stages = world.job(world.cloud.functions.runs[0])
    while next(stages) != "fenced":
        pass
    found = claim(world)
    failure = Failure.read(record(Request("a", found.revision, 1), RAISED))
    world.reconcile(look_at_bronze=False, failure=failure)
    assert claim(world) == found
    for _ in stages:
        pass
    assert world.is_published("a")


@pytest.mark.parametrize("answer", [KILLED, None])
def test_an_event_that_began_nothing_is_not_repeated_at_once(
    world: World, answer: dict[str, Any] | None
) -> None:
    """A function that cannot even start would otherwise be called in a circle."""
    found = claim(world)
    failure = Failure.read(record(Request("a", found.revision, 1), answer))
    world.reconcile(look_at_bronze=False, failure=failure)
    assert (claim(world), len(world.cloud.functions.runs)) == (found, 1)


def test_a_second_failure_within_a_minute_waits_for_the_regular_look(world: World) -> None:
    world.reconcile(failure=fail(world, RAISED))
    again = fail(world, RAISED)
    world.reconcile(failure=again)
    assert (claim(world).attempt, len(world.cloud.functions.runs)) == (2, 2)
    world.reconcile()
    assert (claim(world).attempt, len(world.cloud.functions.runs)) == (3, 3)


def test_the_last_failure_is_told_at_once(world: World) -> None:
    world.reconcile(failure=fail(world, RAISED))
    fail(world, RAISED)
    world.reconcile()
    world.reconcile(failure=fail(world, RAISED))
    assert claim(world).state == "exhausted"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"detail-type": "Glue Job State Change"},
        {"Records": []},
        {"requestPayload": {"batch": "b", "revision": "r", "attempt": float("inf")}},
    ],
)
def test_any_other_event_tells_of_no_failure(event: dict[str, Any]) -> None:
    assert Failure.read(event) is None
