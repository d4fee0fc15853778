"""The engine of a claim, and what becomes of attempts whose runs nobody lists."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lakegate.aws.errors import EngineError
from lakegate.contract.model import Engine as EngineChoice
from lakegate.ledger import claims, keys
from lakegate.ledger.engines import choice
from lakegate.ledger.engines.function import QUEUED_SECONDS, Request
from lakegate.ledger.engines.heartbeat import SILENT_SECONDS, Pulse
from lakegate.ledger.gate import Gate, decide
from lakegate.ledger.records import Claim, Engine, Heartbeat, Input
from tests.fakes.cloud import Fault
from tests.faults.world import World, body, pipeline

REQUIRED = ("users", "events", "orders")


def complete(engine: EngineChoice) -> World:
    """A batch whose three files were delivered: its run is started."""
    world = World(engine)
    world.upload_batch("a")
    world.deliver()
    return world


def claim(world: World) -> Claim:
    index, _ = world.peek("a")
    assert index is not None
    stored = claims.read(world.store(), "a", decide(REQUIRED, index).revision)
    assert stored is not None
    return stored.record


def fenced(world: World) -> dict[str, Any]:
    """The newest call of the function has its fence, and is then killed without a word."""
    run = world.cloud.functions.runs[-1]
    stages = world.job(run)
    while next(stages) != "fenced":
        pass
    stages.close()  # type: ignore[attr-defined]
    return run


@pytest.mark.parametrize(
    ("engine", "size", "there", "wanted"),
    [
        ("spark", 1, {"spark", "duckdb"}, ("spark", "contract")),
        ("duckdb", 9, {"spark", "duckdb"}, ("duckdb", "contract")),
        ("auto", 4, {"spark", "duckdb"}, ("duckdb", "auto")),
        ("auto", 5, {"spark", "duckdb"}, ("spark", "auto")),
        ("auto", 1, {"spark"}, ("spark", "auto")),
    ],
)
def test_the_contract_or_the_size_in_silver_chooses(
    engine: EngineChoice, size: int, there: set[Engine], wanted: tuple[str, str]
) -> None:
    contract = replace(pipeline(), engine=engine, auto_max_bytes=8)
    inputs = [Input("users", name, "", "", "", size) for name in ("users-0001", "users-0002")]
    assert choice.choose(contract, inputs, there) == wanted


def test_an_engine_that_is_not_deployed_claims_nothing() -> None:
    world = complete("spark")
    world.upload("b/users.json", body("users"))
    world.deliver()
    gate = Gate(world.store(), {}, world.contract, world.validator().announced)
    index, _ = world.peek("a")
    assert index is not None
    with pytest.raises(EngineError, match="spark is not deployed"):
        gate.claim("c", decide(REQUIRED, index), world.cloud.now)
    assert world.contents("control", "batches/c/") == {}


def test_the_function_is_called_once_and_without_waiting() -> None:
    world = complete("duckdb")
    (call,) = [call for call in world.cloud.calls if call.request.operation == "Invoke"]
    assert call.request.headers["x-amz-invocation-type"] == "Event"
    assert Request.read(json.loads(call.request.body)) == Request("a", claim(world).revision, 1)
    assert world.cloud.glue.runs == []
    assert (claim(world).engine, claim(world).engine_by) == ("duckdb", "contract")
    run = world.store().get(keys.run("a", claim(world).revision))
    assert run is not None
    assert (run[0]["run_id"], run[0]["engine"]) == ("request-000001", "duckdb")


@pytest.mark.parametrize("event", [{}, {"batch": "a", "revision": "r", "attempt": "x"}])
def test_any_other_event_is_no_request(event: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Request.read(event)


def test_no_room_leaves_the_claim_pending_for_the_reconciler() -> None:
    world = World("duckdb")
    world.room(0)
    world.upload_batch("a")
    world.notify(*world.queue)  # no room is no trouble
    assert claim(world).state == "pending"
    world.room(1)
    world.reconcile()
    assert len(world.cloud.functions.runs) == 1


def test_a_refusal_frees_the_claim_and_is_raised() -> None:
    world = World("duckdb")
    world.upload_batch("a")
    world.cloud.hook = lambda call: "denied" if call.request.operation == "Invoke" else None
    assert world.fails(lambda: world.notify(*world.queue))
    assert claim(world).state == "pending"


@pytest.mark.parametrize("fault", ["before", "lost", "5xx", "5xx-lost", "timeout"])
def test_a_start_without_an_answer_is_repeated_when_it_is_stale(fault: Fault) -> None:
    world = World("duckdb")
    world.upload_batch("a")
    world.cloud.hook = lambda call: fault if call.request.operation == "Invoke" else None
    world.deliver(tries=1)
    world.cloud.hook = None
    sent = len(world.cloud.functions.runs)
    world.reconcile()
    assert len(world.cloud.functions.runs) == sent
    world.cloud.sleep(world.contract.gate.claim_stale_seconds + 1)
    world.reconcile()
    assert len(world.cloud.functions.runs) == sent + 1
    world.run_jobs()
    pointer = world.peek("a")[1]
    assert pointer is not None
    assert len(pointer.history) == 1
    assert claim(world).attempt == 1


def test_an_event_that_was_taken_may_wait_for_its_turn() -> None:
    world = complete("duckdb")
    world.cloud.sleep(QUEUED_SECONDS)
    world.reconcile()
    assert len(world.cloud.functions.runs) == 1
    world.cloud.sleep(1)
    world.reconcile()
    world.reconcile()
    assert len(world.cloud.functions.runs) == 2
    assert claim(world).attempt == 1
    world.run_jobs()
    assert world.is_published("a")


def test_a_run_is_left_alone_while_it_gives_signs_of_life() -> None:
    world = complete("duckdb")
    run = world.cloud.functions.runs[0]
    stages = world.job(run)
    while next(stages) != "fenced":
        pass
    revision, run_id = claim(world).revision, f"dk_{run['Id']}_1"
    ends_by = world.cloud.now + timedelta(seconds=900)
    pulse = Pulse(world.store(), "a", revision, 1, run_id, ends_by, world.cloud.clock)
    for _ in range(5):
        world.cloud.sleep(SILENT_SECONDS)
        pulse.beat()
        world.reconcile()
    assert len(world.cloud.functions.runs) == 1
    world.cloud.sleep(SILENT_SECONDS + 1)
    world.reconcile()
    assert len(world.cloud.functions.runs) == 2
    assert [ended.state for ended in claim(world).ended] == ["VANISHED"]
    assert claim(world).ended[0].run_id == run_id


def test_a_run_that_reports_its_failure_is_followed_at_once() -> None:
    world = complete("duckdb")
    run = fenced(world)
    world.report(run, f"dk_{run['Id']}_1", "FAILED", "out_of_disk")
    world.reconcile()
    (ended,) = claim(world).ended
    assert (ended.state, ended.reason, ended.engine) == ("FAILED", "out_of_disk", "duckdb")
    assert (claim(world).attempt, claim(world).engine) == (2, "duckdb")


def test_a_report_of_an_earlier_attempt_says_nothing_of_this_one() -> None:
    world = complete("duckdb")
    run = fenced(world)
    world.report(run, "dk_another", "FAILED")
    world.reconcile()
    assert claim(world).ended == ()


@pytest.mark.parametrize("word", [*sorted(choice.TOO_SMALL), ""])
def test_auto_goes_on_with_spark_once_where_duckdb_was_too_small(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world = complete("auto")
    run = fenced(world)
    if word:
        world.report(run, f"dk_{run['Id']}_1", "FAILED", word)
    else:
        world.cloud.sleep(SILENT_SECONDS + 1)
    world.reconcile()
    assert '"RunsEscalated": 1' in capsys.readouterr().out
    found = claim(world)
    assert (found.engine, found.engine_by, found.attempt) == ("spark", "escalation", 2)
    assert found.ended[0].engine == "duckdb"
    assert len(world.cloud.functions.runs) == 1
    world.run_jobs()
    assert world.is_published("a")
    world.reconcile()
    assert len(world.runs) == 2


def test_a_run_that_fails_otherwise_does_not_escalate() -> None:
    world = complete("auto")
    run = fenced(world)
    world.report(run, f"dk_{run['Id']}_1", "FAILED", "check")
    world.reconcile()
    assert (claim(world).engine, claim(world).attempt) == ("duckdb", 2)


def test_the_last_attempt_escalates_too_and_spark_s_failures_count_on() -> None:
    world = complete("auto")
    world.contract = replace(world.contract, gate=replace(world.contract.gate, max_attempts=1))
    stored = claims.read(world.store(), "a", claim(world).revision)
    assert stored is not None
    one = replace(stored.record, attempts_allowed=1)
    world.store().replace(keys.claim("a", one.revision), one, stored.etag)
    fenced(world)
    world.cloud.sleep(SILENT_SECONDS + 1)
    world.reconcile()
    assert (claim(world).engine, claim(world).attempt) == ("spark", 2)
    world.cloud.glue.runs[-1]["JobRunState"] = "FAILED"
    world.reconcile()
    assert claim(world).state == "exhausted"


def test_a_run_at_the_end_of_its_time_is_told_as_such() -> None:
    world = complete("duckdb")
    run = fenced(world)
    revision = claim(world).revision
    last = world.store().read(Heartbeat, keys.heartbeat("a", revision, 1))
    assert last is not None
    near = replace(last.record, ends_by=last.record.at)
    world.store().replace(keys.heartbeat("a", revision, 1), near, last.etag)
    world.cloud.sleep(SILENT_SECONDS + 1)
    world.reconcile()
    assert [ended.reason for ended in claim(world).ended] == ["out_of_time"]
    assert run["JobRunState"] == "RUNNING"


def test_a_pulse_beats_by_itself_and_survives_trouble() -> None:
    world = World()
    ends_by = world.cloud.now + timedelta(seconds=900)
    pulse = Pulse(world.store(), "a", "r", 1, "dk", ends_by, world.cloud.clock, every=0.01)
    faults = iter(["denied", "lost"])
    world.cloud.hook = lambda call: next(faults, None)  # type: ignore[arg-type]
    with pulse:
        pulse.stage = "gold"
        until = time.monotonic() + 5
        while world.cloud.operations().count("PutObject") < 5 and time.monotonic() < until:
            time.sleep(0.01)
    stored = world.store().read(Heartbeat, keys.heartbeat("a", "r", 1))
    assert stored is not None
    assert (stored.record.run_id, stored.record.stage) == ("dk", "gold")
    puts = [call.request for call in world.cloud.calls if call.request.method == "PUT"]
    assert all("if-match" in put.headers or "if-none-match" in put.headers for put in puts)
    quiet = len(world.cloud.calls)
    time.sleep(0.05)
    assert len(world.cloud.calls) == quiet


def test_a_beat_that_was_denied_is_raised_to_who_beats_by_hand() -> None:
    world = World()
    world.cloud.hook = lambda call: "denied"
    pulse = Pulse(world.store(), "a", "r", 1, "dk", world.cloud.now, world.cloud.clock)
    with pytest.raises(ClientError):
        pulse.beat()
