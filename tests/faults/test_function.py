"""The real function under duplicates, kills and faults: one publication, and the right rows."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from duckdb_engine.wiring import RESERVE_SECONDS
from lakegate.ledger import keys
from lakegate.ledger.engines.choice import OUT_OF_TIME
from lakegate.ledger.engines.heartbeat import SILENT_SECONDS
from lakegate.ledger.records import REFUSED
from lakegate.transform.errors import EngineError, ExhaustedError, InputError
from lakegate.transform.plan import View
from tests.fakes.cloud import Fault
from tests.faults import real
from tests.faults.real import Killed, RealWorld
from tests.faults.world import TABLES, body

# The heartbeat of a process that dies has nobody to tell.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")

BATCH = "b"
FAULTS: tuple[Fault, ...] = ("dies", "dies-after", "lost", "5xx-lost")
CALLS = 40  # more than a run of one batch makes


def started() -> tuple[RealWorld, dict[str, Any]]:
    """A world with a complete batch and the call that was made for it."""
    world = RealWorld()
    world.upload_batch(BATCH)
    world.deliver()
    (run,) = world.cloud.functions.runs
    return world, run


def report(world: RealWorld) -> dict[str, Any]:
    (content,) = [
        content for key, content in world.contents("control").items() if key.endswith("report.json")
    ]
    found: dict[str, Any] = json.loads(content)
    return found


def check(world: RealWorld) -> None:
    """What readers see is right, and of one run."""
    assert world.is_published(BATCH)
    assert [(row["user_id"], row["event_count"]) for row in world.gold(TABLES[0], BATCH)] == [
        (1, 1)
    ]
    (country,) = world.gold(TABLES[1], BATCH)
    assert (country["country"], country["user_count"], country["order_count"]) == ("unknown", 1, 1)
    pointer = world.peek(BATCH)[1]
    assert pointer is not None
    assert {prefix.split("run_id=")[1] for prefix in pointer.tables.values()} == {
        f"{pointer.run_id}/"
    }


def strangers(world: RealWorld) -> dict[str, Any]:
    """The run of a batch whose one event is of a user that is not there."""
    for dataset, number in {"users": 2, "events": 1, "orders": 1}.items():
        world.upload(f"{BATCH}/{dataset}.json", body(dataset, number))
    world.deliver()
    (run,) = world.runs
    return run


def refused(world: RealWorld, run: dict[str, Any]) -> None:
    """The run itself has ended the attempt with its verdict; nothing starts another one."""
    revision = run["Arguments"]["--REVISION"]
    told = json.loads(world.contents("control")[keys.revision(BATCH, revision, "report")])
    assert told["error"].startswith("ThresholdError: events: 1 of 1 line rejected")
    assert (told["state"], told["error_kind"]) == ("FAILED", REFUSED)
    claim = json.loads(world.contents("control")[keys.claim(BATCH, revision)])
    (ended,) = claim["ended"]
    assert (claim["state"], ended["reason"]) == ("exhausted", REFUSED)
    assert (ended["run_id"], ended["error"]) == (told["run_id"], told["error"])
    for state in ("RUNNING", "FAILED", "FAILED"):
        run["JobRunState"] = state
        world.reconcile()
        world.cloud.sleep(3600)
    assert len(world.runs) == 1
    world.upload(f"{BATCH}/users.json", body("users", 1))
    world.settle()
    assert world.is_published(BATCH)


def test_an_event_becomes_gold() -> None:
    world, run = started()
    answer = world.call(run)
    assert answer["state"] == "SUCCEEDED"
    assert answer["run_id"].startswith(run["Id"])
    check(world)
    told = report(world)
    assert (told["engine"], told["state"], told["error_kind"]) == ("duckdb", "SUCCEEDED", None)
    assert told["datasets"]["users"] == {"read": 1, "used": 1, "deduplicated": 0}
    fence = json.loads(world.contents("control")[keys.fence(BATCH, told["revision"], 1)])
    beat = json.loads(world.contents("control")[keys.heartbeat(BATCH, told["revision"], 1)])
    assert fence["run_id"] == beat["run_id"] == told["run_id"]


def test_a_query_fails_without_a_word_of_the_row(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the report nor the log nor what Lambda logs of the error quotes a value."""
    sql = "select cast(event_type as int) as n from stg_events"
    monkeypatch.setattr(real, "PLAN", replace(real.PLAN, gold=(View(TABLES[0], sql, settle=True),)))
    world, run = started()
    with pytest.raises(EngineError, match="Could not convert string 'aaaaaa' to") as raised:
        world.call(run)
    said = (*report(world).values(), *(vars(record) for record in caplog.records), raised.value)
    assert "search" not in str(said)
    assert raised.value.__suppress_context__


def test_two_deliveries_at_once_publish_once() -> None:
    world, run = started()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(world.call, [run, run]))
    assert sorted(answer["state"] for answer in answers) == ["NOT_MINE", "SUCCEEDED"]
    check(world)
    assert len({key.split("run_id=")[1].split("/")[0] for key in world.contents("gold")}) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_leads_to_one_publication(fault: Fault) -> None:
    for at in range(CALLS):
        world, run = started()
        hook = world.cloud.hook = Killed(at, fault)
        world.finish(run, world.job(run))
        world.cloud.hook = None
        world.cloud.sleep(SILENT_SECONDS + 60)
        world.settle()
        check(world)
        if next(hook.count) <= at:
            return
    pytest.fail(f"a run makes more than {CALLS} calls")


def test_a_killed_run_is_taken_over_by_the_reconciler_alone() -> None:
    world, run = started()
    world.cloud.hook = Killed(8, "dies")
    world.finish(run, world.job(run))
    world.cloud.hook = None
    world.reconcile()
    assert len(world.cloud.functions.runs) == 1  # it may live
    world.cloud.sleep(SILENT_SECONDS + 60)
    world.reconcile()
    (_, again) = world.cloud.functions.runs
    assert again["Arguments"]["--ATTEMPT"] == "2"
    world.call(again)
    check(world)


def test_a_run_that_gets_too_little_time_says_so() -> None:
    world, run = started()
    world.seconds = RESERVE_SECONDS
    with pytest.raises(ExhaustedError):
        world.call(run)
    told = report(world)
    assert (told["state"], told["error_kind"]) == ("FAILED", OUT_OF_TIME)


def test_a_run_whose_data_are_refused_is_the_only_one() -> None:
    world = RealWorld()
    run = strangers(world)
    assert world.call(run)["state"] == "REFUSED"  # and no event has failed
    refused(world, run)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_the_end_of_a_run_that_refuses_leads_to_its_verdict(fault: Fault) -> None:
    """Where report or claim are not written, the reconciler finds the verdict or asks again."""
    world = RealWorld()
    run = strangers(world)
    count = world.cloud.hook = Killed(CALLS, fault)
    world.call(run)
    calls = next(count.count)
    for at in range(calls - 4, calls):
        world = RealWorld()
        run = strangers(world)
        world.cloud.hook = Killed(at, fault)
        world.finish(run, world.job(run))
        world.cloud.hook = None
        if at >= calls - 2 and not fault.startswith("dies"):  # trouble with the claim alone
            assert run["JobRunState"] == "SUCCEEDED", at
        revision = run["Arguments"]["--REVISION"]
        is_told = keys.revision(BATCH, revision, "report") in world.contents("control")
        world.cloud.sleep(SILENT_SECONDS + 60)
        world.settle()
        place = keys.claim(BATCH, revision)
        claim = json.loads(world.contents("control")[place])
        assert (claim["state"], claim["ended"][-1]["reason"]) == ("exhausted", REFUSED), at
        assert len(world.runs) == (1 if is_told else 2), at
        assert not world.is_published(BATCH)


def test_auto_goes_on_with_spark_where_the_function_was_too_small() -> None:
    world = RealWorld(engine="auto")
    world.seconds = RESERVE_SECONDS
    world.upload_batch(BATCH)
    world.deliver()
    (run,) = world.cloud.functions.runs
    with pytest.raises(ExhaustedError):
        world.call(run)
    world.reconcile()
    assert [run["Arguments"]["--ATTEMPT"] for run in world.cloud.glue.runs] == ["2"]
    world.reconcile()
    assert len(world.cloud.glue.runs) == 1


def test_a_run_does_not_read_what_was_not_accepted() -> None:
    world, run = started()
    (key,) = world.contents("silver", "orders/")
    world.cloud.s3.put("silver", key, world.contents("silver")[key].replace(b"paid", b"void"))
    with pytest.raises(InputError, match="is not what was accepted"):
        world.call(run)
    read = [
        call.request.path for call in world.cloud.calls if call.request.operation == "GetObject"
    ]
    assert not [path for path in read if path.startswith("silver/")]
    assert report(world)["state"] == "FAILED"
    assert not world.is_published(BATCH)
