"""What a call of the reconciler repairs, and what it leaves alone."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from lakegate.files.errors import OutOfTimeError
from lakegate.ledger import arrivals, claims, keys, operations, publication
from lakegate.ledger.records import Arrival, Claim, Engine, Run
from lakegate.reconcile import state
from tests.fakes.cloud import Call, Fault
from tests.fakes.s3 import Version
from tests.fakes.s3 import error as s3_error
from tests.fakes.wire import Reply, Request
from tests.faults.world import ENGINES, TABLES, World, body, pipeline

REQUIRED = ("users", "events", "orders")


def metrics(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The last EMF document of the reconciler."""
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in capsys.readouterr().out.splitlines()
    ]
    return [line for line in lines if "BatchesOverdue" in line][-1]


def claim(world: World, batch: str = "a") -> Claim:
    found = [key for key in world.contents("control", f"batches/{batch}/") if "claim" in key]
    stored = world.store().read(Claim, found[0])
    assert stored is not None
    return stored.record


def started(*batches: str) -> World:
    """Batches whose run Glue has begun."""
    world = World()
    for batch in batches:
        world.upload_batch(batch)
    world.deliver()
    return world


def end(world: World, state: str) -> None:
    world.cloud.glue.runs[-1]["JobRunState"] = state


def test_every_dropped_notification_is_repaired() -> None:
    world = World()
    world.upload_batch("a")
    world.upload("users.json", body("users"))
    world.upload("what is this.txt", b"?")
    world.upload("a/notes.txt", b"?")
    world.upload("a/", b"")
    world.queue.clear()
    world.reconcile()
    world.run_jobs()
    assert world.is_published("a")
    assert world.readers_see("a") == sorted(body(name) for name in REQUIRED)
    assert "batches/default/arrivals/index.json" in world.contents("control")
    unknown = world.contents("quarantine", "files/_unknown/")
    assert len(unknown) == 2
    before = len(world.cloud.calls)
    world.reconcile()
    assert "CopyObject" not in world.cloud.operations()[before:]


def test_what_is_refused_is_not_read_again() -> None:
    world = World()
    world.upload("a/users.json", b"nonsense\n")
    world.upload("a/notes.txt", b"?")
    world.deliver()
    begun = len(world.cloud.calls)
    world.reconcile()
    calls = [call.request for call in world.cloud.calls[begun:]]
    assert not [call for call in calls if call.bucket == "bronze" and call.key]
    assert not [call for call in calls if call.bucket == "quarantine" and call.method == "PUT"]


def test_versions_found_by_listing_are_judged_oldest_first_and_the_newest_counts() -> None:
    world = World()
    for number in (1, 2, 3):
        world.upload("a/users.json", body("users", number))
    event = world.queue[1]
    world.queue.clear()
    world.reconcile()
    index, _ = world.peek("a")
    assert index is not None
    assert index.files["users"].version_id == world.written("bronze")[2][1].version_id
    assert len(world.contents("silver")) == 3
    world.notify(event)
    assert world.peek("a")[0] == index


def test_a_newer_version_does_not_overtake_one_that_could_not_be_judged() -> None:
    world = World()
    world.upload("a/users.json", body("users", 1))
    world.upload("a/users.json", body("users", 2))
    late = world.queue[0]
    world.queue.clear()
    failed: list[Call] = []

    def first_read(call: Call) -> Fault | None:
        if call.request.bucket == "bronze" and "versionId" in call.request.query and not failed:
            failed.append(call)
            return "denied"
        return None

    world.cloud.hook = first_read
    with pytest.raises(ExceptionGroup):
        world.reconcile()
    assert world.contents("silver") == {}
    world.notify(late)
    world.reconcile()
    index, _ = world.peek("a")
    assert index is not None
    assert index.files["users"].version_id == world.written("bronze")[1][1].version_id


def test_trouble_with_one_batch_does_not_stop_the_others_and_is_raised() -> None:
    world = World()
    for batch in ("a", "b"):
        world.upload_batch(batch)
    world.queue.clear()
    world.cloud.s3.put("control", keys.arrivals("a"), b"nonsense")
    with pytest.raises(ExceptionGroup, match="trouble"):
        world.reconcile()
    world.run_jobs()
    assert world.readers_see("b") is not None


@pytest.mark.parametrize("ended", ["FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"])
def test_a_run_that_ended_in_vain_is_followed_by_the_next_attempt(ended: str) -> None:
    world = started("a")
    end(world, ended)
    world.reconcile()
    assert [run["Arguments"]["--ATTEMPT"] for run in world.cloud.glue.runs] == ["1", "2"]
    assert claim(world).ended[0].state == ended
    stored = world.store().read(Run, keys.run("a", claim(world).revision))
    assert stored is not None
    assert (stored.record.attempt, stored.record.run_id) == (2, "jr_000002")
    world.run_jobs()
    assert world.is_published("a")


def test_a_run_that_succeeded_without_publishing_is_followed_too() -> None:
    world = started("a")
    end(world, "SUCCEEDED")
    world.reconcile()
    assert len(world.cloud.glue.runs) == 2


@pytest.mark.parametrize("live", ["STARTING", "RUNNING", "STOPPING", "WAITING"])
def test_a_live_run_is_left_alone(live: str) -> None:
    world = started("a")
    end(world, live)
    world.cloud.sleep(3600)
    world.reconcile()
    assert len(world.cloud.glue.runs) == 1


def test_a_vanished_run_is_given_up_when_it_is_old_enough() -> None:
    world = started("a")
    world.cloud.glue.hidden.add("jr_000001")
    world.cloud.sleep(100)
    world.reconcile()
    assert len(world.cloud.glue.runs) == 1
    world.cloud.sleep(100)
    world.reconcile()
    assert len(world.cloud.glue.runs) == 2
    assert claim(world).ended[0].state == "VANISHED"


def test_three_attempts_are_all_and_the_end_is_alarmed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = started("a")
    for _ in range(5):
        end(world, "FAILED")
        world.reconcile()
    assert len(world.cloud.glue.runs) == 3
    assert claim(world).state == "exhausted"
    assert metrics(capsys)["RunsExhausted"] == 1
    world.upload("a/users.json", body("users", 2))
    world.settle()
    assert world.is_published("a")


@pytest.mark.parametrize("engine", ENGINES)
def test_data_that_were_refused_are_not_tried_again(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    world = World(engine=engine)
    world.upload_batch("a")
    world.deliver()
    (run,) = world.runs
    stages = world.job(run)
    while next(stages) != "fenced":
        pass
    run["JobRunState"] = "FAILED"
    run_id = run["Id"] if engine == "spark" else f"dk_{run['Id']}_1"
    world.report(run, run_id, "FAILED", "refused")
    for _ in range(3):
        world.reconcile()
        world.cloud.sleep(3600)
    assert len(world.runs) == 1
    found = claim(world)
    assert (found.state, found.attempt) == ("exhausted", 1)
    assert (found.ended[0].reason, found.ended[0].error) == ("refused", "why")
    assert metrics(capsys)["RunsExhausted"] == 1
    world.upload("a/users.json", body("users", 2))
    world.settle()
    assert world.is_published("a")


def test_the_winner_of_the_fence_is_followed_not_the_recorded_run() -> None:
    """An answer was lost, two runs were started; the recorded one was second and has ended."""
    world = started("a")
    run = world.cloud.glue.runs[0]
    twin = {**run, "Id": "jr_twin", "JobRunState": "STARTING"}
    world.cloud.glue.runs.append(twin)
    stages = world.job(twin)
    assert [next(stages), next(stages)] == ["started", "fenced"]
    world.finish(run, world.job(run))
    assert run["JobRunState"] == "SUCCEEDED"
    world.reconcile()
    assert len(world.cloud.glue.runs) == 2
    twin["JobRunState"] = "FAILED"
    world.reconcile()
    assert len(world.cloud.glue.runs) == 3


def test_a_twin_that_still_lives_may_do_the_work_of_the_attempt() -> None:
    """An answer was lost, two runs were started; the recorded one has ended before its fence."""
    world = started("a")
    world.cloud.glue.runs.append({**world.cloud.glue.runs[0], "Id": "jr_twin"})
    world.cloud.glue.runs[0]["JobRunState"] = "FAILED"
    world.reconcile()
    assert len(world.cloud.glue.runs) == 2
    world.run_jobs()
    assert world.is_published("a")


def test_a_winner_that_glue_does_not_list_has_its_time_whatever_the_loser_did() -> None:
    world = started("a")
    run = world.cloud.glue.runs[0]
    twin = {**run, "Id": "jr_twin"}
    stages = world.job(twin)
    assert [next(stages), next(stages)] == ["started", "fenced"]
    world.finish(run, world.job(run))
    world.reconcile()
    assert len(world.cloud.glue.runs) == 1
    world.cloud.sleep(181)
    world.reconcile()
    assert len(world.cloud.glue.runs) == 2
    assert (claim(world).ended[0].run_id, claim(world).ended[0].state) == ("jr_twin", "VANISHED")


def test_a_stale_claim_is_taken_over_and_a_fresh_one_is_not() -> None:
    world = World()
    world.upload_batch("a")
    world.cloud.hook = lambda call: "dies" if call.request.operation == "StartJobRun" else None
    world.deliver(tries=1)
    world.cloud.hook = None
    world.cloud.sleep(179)
    world.reconcile()
    assert world.cloud.glue.runs == []
    owner = claim(world).owner
    world.cloud.sleep(2)
    begun = len(world.cloud.calls)
    world.reconcile()
    assert [run["Arguments"]["--ATTEMPT"] for run in world.cloud.glue.runs] == ["1"]
    assert claim(world).owner != owner
    puts = [call.request for call in world.cloud.calls[begun:] if "claim" in call.request.path]
    assert all("if-match" in put.headers for put in puts if put.operation == "PutObject")


def test_a_run_whose_answer_was_lost_is_recorded_not_started_again() -> None:
    world = World()
    world.upload_batch("a")
    lost: dict[str, Fault] = {"StartJobRun": "dies-after"}
    world.cloud.hook = lambda call: lost.get(call.request.operation)
    world.deliver(tries=1)
    world.cloud.hook = None
    world.cloud.sleep(600)
    world.reconcile()
    assert len(world.cloud.glue.runs) == 1
    stored = world.store().read(Run, keys.run("a", claim(world).revision))
    assert stored is not None
    assert stored.record.run_id == "jr_000001"


def test_a_list_of_runs_that_has_grown_old_is_not_acted_on() -> None:
    """The owner of b's claim starts its run late: after the runs were listed for a."""
    world = started("a")
    world.upload_batch("b")
    world.cloud.hook = lambda call: "dies" if call.request.operation == "StartJobRun" else None
    world.deliver(tries=1)
    world.cloud.hook = None
    world.cloud.sleep(600)
    late = claim(world, "b")
    arguments = {"--BATCH_ID": "b", "--REVISION": late.revision, "--ATTEMPT": "1"}

    def start_late(call: Call) -> Fault | None:
        if call.request.key.endswith(f"{late.revision}/run.json") and len(runs) == 1:
            runs.append({**runs[0], "Id": "jr_late", "Arguments": arguments})
        return None

    runs = world.cloud.glue.runs
    world.cloud.hook = start_late
    world.reconcile(look_at_bronze=False)
    assert [run["Arguments"]["--BATCH_ID"] for run in runs] == ["a", "b"]
    assert claim(world, "b") == late


def test_pending_batches_start_as_glue_has_room() -> None:
    world = World()
    world.cloud.glue.max_concurrent = 1
    for number in range(3):
        world.upload_batch(f"b{number}")
    world.deliver()
    for number in range(3):
        assert len(world.cloud.glue.runs) == number + 1
        before = world.cloud.operations().count("StartJobRun")
        world.reconcile()
        assert world.cloud.operations().count("StartJobRun") - before <= 1
        world.run_jobs()
        world.reconcile(look_at_bronze=False)
    world.run_jobs()
    assert all(world.is_published(batch) for batch in world.batches())


def test_a_publication_that_died_before_the_flip_is_finished() -> None:
    world = started("a")
    stages = world.job(world.cloud.glue.runs[0])
    while next(stages) != "published":
        pass
    end(world, "FAILED")
    world.reconcile()
    assert world.is_published("a")
    assert len(world.cloud.glue.runs) == 1


def test_a_partition_that_someone_moved_is_put_right_within_a_day() -> None:
    world = started("a")
    world.run_jobs()
    world.reconcile()
    world.cloud.glue.partitions[("commerce", "user_activity", "a")] = {
        "Values": ["a"],
        "StorageDescriptor": {"Location": "s3://elsewhere/"},
    }
    world.cloud.sleep(25 * 3600)
    world.reconcile()
    assert world.is_published("a")


def runs_in_gold(world: World) -> set[str]:
    return {key.split("/")[2] for key in world.contents("gold")}


def test_superseded_runs_are_deleted_after_the_grace_and_not_before() -> None:
    world = started("a")
    world.run_jobs()
    world.cloud.sleep(48 * 3600)
    world.upload("a/users.json", body("users", 2))
    world.deliver()
    world.run_jobs()
    world.cloud.sleep(23 * 3600)
    world.reconcile()
    assert runs_in_gold(world) == {"run_id=jr_000001", "run_id=jr_000002"}
    world.cloud.sleep(2 * 3600)
    world.reconcile()
    assert runs_in_gold(world) == {"run_id=jr_000002"}
    assert len(world.readers_see("a") or []) == 3


def test_what_a_dead_run_left_is_deleted_and_what_a_live_one_writes_is_not() -> None:
    world = started("a")
    stages = world.job(world.cloud.glue.runs[0])
    while next(stages) != "wrote 1":
        pass
    world.cloud.sleep(25 * 3600)
    world.reconcile()
    assert runs_in_gold(world) == {"run_id=jr_000001"}
    end(world, "FAILED")
    world.reconcile()
    world.reconcile()
    assert runs_in_gold(world) == set()
    world.run_jobs()
    assert runs_in_gold(world) == {"run_id=jr_000002"}


def test_the_run_that_a_rollback_left_stays_its_grace() -> None:
    world = started("a")
    world.run_jobs()
    world.upload("a/users.json", body("users", 2))
    world.deliver()
    world.run_jobs()
    world.cloud.sleep(20 * 3600)
    stored = publication.read(world.store(), "a")
    assert stored is not None
    back = replace(stored.record.history[0], at="2026-11-23T08:00:00.000000Z")
    pointer = publication.moved("a", stored.record, back, stored.record.order)
    world.store().replace(keys.published("a"), pointer, stored.etag)
    world.cloud.sleep(20 * 3600)
    world.reconcile()
    assert len(runs_in_gold(world)) == 2
    world.cloud.sleep(5 * 3600)
    world.reconcile()
    assert runs_in_gold(world) == {"run_id=jr_000001"}


def test_an_overdue_batch_is_counted_and_its_missing_datasets_are_named(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    world = World()
    world.upload("a/users.json", body("users"))
    world.deliver()
    world.cloud.sleep(59 * 60)
    world.reconcile()
    early = metrics(capsys)
    assert (early["BatchesOverdue"], early["OldestIncompleteBatchSeconds"]) == (0, 59 * 60)
    world.cloud.sleep(2 * 60)
    with caplog.at_level(logging.WARNING):
        world.reconcile()
    assert metrics(capsys)["BatchesOverdue"] == 1
    record = next(item for item in caplog.records if item.message == "batch overdue")
    assert record.__dict__["missing"] == ["events", "orders"]


@pytest.mark.parametrize(
    "key",
    [
        *(
            "a/\x00users.json",
            "a/\x1b[2J.json",
            "\uffff/users.json",
            "a\n/users.json",
            "a/b\rc.json",
        ),
        *("../users.json", "//users.json", "a/%2e%2e/users+1.json", "é" * 507 + "/users.json"),
        *("a/${env:PATH}.json", "a/{{7*7}}.json", "a/=cmd|' /C calc'!A0.json", "\u202e/users.json"),
    ],
)
def test_no_key_stops_the_others_or_becomes_part_of_ours(key: str) -> None:
    """Told of by an event or found by listing; what is written for it is short, plain ASCII."""
    for told in (True, False):
        world = World()
        world.upload(key, body("users"))
        world.upload_batch("b")
        if not told:
            world.queue.clear()
        world.settle()
        assert world.is_published("b")
        assert len(world.contents("silver")) == 3
        for bucket in ("silver", "quarantine", "control"):
            for made in world.contents(bucket):
                assert made.isascii()
                assert made.isprintable()
                assert not {"", ".", ".."} & set(made.split("/"))
                assert len(made) < 300


def test_a_line_of_a_log_stays_short_however_many_files_are_missing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each file of a batch has its line, so that a list of all would grow with their square."""
    world = World()
    parts = [f"events-{part:04d}.json" for part in range(1, 5001)]
    world.upload_manifest("a", "users.json", "orders.json", *parts)
    world.upload("a/users.json", body("users"))
    with caplog.at_level(logging.INFO):
        world.deliver()
        world.cloud.sleep(61 * 60)
        world.reconcile()
    lines = [vars(record) for record in caplog.records if hasattr(record, "missing")]
    assert {line["message"] for line in lines} == {"gate looked at", "batch overdue"}
    assert {line["missing_count"] for line in lines[1:]} == {5001}
    assert {len(line["missing"]) for line in lines} == {20}


def test_a_batch_of_which_everything_was_refused_is_overdue_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = World()
    world.upload("a/users.json", b"nonsense\n")
    world.deliver()
    world.reconcile()
    world.cloud.sleep(61 * 60)
    world.reconcile()
    assert metrics(capsys)["BatchesOverdue"] == 1
    world.upload_batch("a")
    world.settle()
    world.reconcile()
    assert metrics(capsys)["BatchesOverdue"] == 0


def test_the_age_of_what_is_complete_but_unpublished_is_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = started("a")
    world.cloud.sleep(1000)
    world.reconcile()
    assert metrics(capsys)["OldestUnpublishedBatchSeconds"] == 1000
    world.run_jobs()
    world.reconcile()
    assert metrics(capsys)["OldestUnpublishedBatchSeconds"] == 0


def test_metrics_have_no_dimension_that_grows(capsys: pytest.CaptureFixture[str]) -> None:
    World().reconcile()
    document = metrics(capsys)
    (directive,) = document["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "test/test"
    assert directive["Dimensions"] == [[]]
    assert {item["Name"] for item in directive["Metrics"]} == {
        "BatchesOverdue",
        "OldestIncompleteBatchSeconds",
        "OldestUnpublishedBatchSeconds",
        "RunsEscalated",
        "RunsExhausted",
    }


def test_work_is_bounded_and_goes_on_where_it_stopped() -> None:
    world = World()
    world.cloud.s3.page = 4
    for number in range(6):
        world.upload_batch(f"b{number}")
    world.queue.clear()
    begun = len(world.cloud.calls)
    calls = 0
    while calls < 60 and not all(
        f"batches/b{number}/arrivals/index.json" in world.contents("control")
        and world.cloud.glue.runs
        and len(world.cloud.glue.runs) == 6
        for number in range(6)
    ):
        left = iter([30_000, 30_000, 30_000, 30_000, 30_000])
        world.reconcile_with(lambda left=left: next(left, 0))  # type: ignore[misc]
        calls += 1
    assert 1 < calls < 60
    assert max(_requests_per_call(world, begun)) < 60
    world.run_jobs()
    world.settle()
    assert all(world.is_published(f"b{number}") for number in range(6))


def test_a_file_that_takes_longer_than_a_call_does_not_keep_the_others_waiting() -> None:
    world = World()
    world.contract = replace(pipeline(), validation="full")
    world.upload("a/users.json", body("users") * 2000)
    world.upload_batch("b")
    world.queue.clear()
    begun = 0

    def left() -> int:
        """The time of a call is over as soon as it has read of the large file."""
        calls = world.cloud.calls[begun:]
        return 10_000 if any(call.request.key == "a/users.json" for call in calls) else 150_000

    with pytest.raises(ExceptionGroup) as caught:
        world.reconcile_with(left)
    (error,) = caught.value.exceptions
    assert isinstance(error, OutOfTimeError)
    begun = len(world.cloud.calls)
    world.reconcile_with(left)
    assert [run["Arguments"]["--BATCH_ID"] for run in world.cloud.glue.runs] == ["b"]
    assert world.contents("quarantine") == {}
    world.reconcile()
    assert "batches/a/arrivals/index.json" in world.contents("control")


def _requests_per_call(world: World, begun: int) -> list[int]:
    counts, count = [], 0
    for call in world.cloud.calls[begun:]:
        count += 1
        if call.request.key == state.KEY and call.request.operation == "PutObject":
            counts.append(count)
            count = 0
    return counts


@pytest.mark.parametrize("content", [b'{"version": 99}', b"{}"])
def test_a_memory_that_cannot_be_read_is_forgotten(content: bytes) -> None:
    world = started("a")
    world.cloud.s3.put("control", state.KEY, content)
    world.run_jobs()
    world.reconcile()
    world.reconcile()
    stored = world.store().read(state.State, state.KEY)
    assert stored is not None
    assert list(stored.record.settled) == ["a"]


def test_a_revision_that_is_wanted_again_after_another_is_run_again() -> None:
    """A manifest shrinks and grows back: the first revision returns, with an order on top."""
    world = World()
    names = ("users.json", "orders.json", "events-0001.json", "events-0002.json")
    for name in names:
        world.upload(f"a/{name}", body(name[:6].strip("-.")))
    for listed in (names, names[:3], names):
        world.upload_manifest("a", *listed)
        world.deliver()
        world.run_jobs()
        world.reconcile()
        world.run_jobs()
        world.reconcile()
        assert len(world.readers_see("a") or []) == len(listed)
        assert world.is_published("a")
    pointer = world.peek("a")[1]
    assert pointer is not None
    stored = claims.read(world.store(), "a", pointer.revision)
    assert stored is not None
    assert stored.record.attempt == 2
    assert stored.record.attempts_allowed == 1 + world.contract.gate.max_attempts
    (asked,) = stored.record.audit
    assert (asked.action, asked.by, asked.about) == ("reopen", "reconciler", "1")
    assert asked.reason == "wanted again after another revision"
    assert asked.at == "2026-11-22T12:00:00.000000Z"


def test_arrivals_keep_what_the_event_told() -> None:
    world = World()
    version = world.upload("a/users.json", body("users"))
    world.deliver()
    index, _ = world.peek("a")
    assert index is not None
    assert index.files["users"] == Arrival(
        key="a/users.json",
        version_id=version.version_id,
        size=len(body("users")),
        last_modified="2026-11-22T12:00:00.000000Z",
        accepted_at="2026-11-22T12:00:00.000000Z",
        sequencer=version.sequencer,
        name="users.json",
        shape="lines",
        encoding="utf-8",
        bytes_before=len(body("users")),
        bytes_after=len(body("users")),
        etag=version.etag.strip('"'),
    )


def gone_for_good(world: World, version: Version) -> None:
    """A producer deletes one version, not by a marker."""
    world.cloud.s3.buckets["bronze"][version.key].remove(version)


def test_a_version_that_stands_wins_over_one_that_is_gone_for_good() -> None:
    """The event of the second was lost, and the first was deleted: no listing shows an order."""
    world = started("a")
    first = world.written("bronze")[0][1]
    second = world.upload("a/users.json", body("users", 2))
    world.queue.clear()
    gone_for_good(world, first)
    world.settle()
    assert body("users", 2) in (world.readers_see("a") or [])
    world.notify(first)
    index, _ = world.peek("a")
    assert index is not None
    assert index.files["users"].version_id == second.version_id


def test_a_version_that_was_passed_over_for_one_that_is_gone_counts_again() -> None:
    """As the first edition left it: accepted, but taken for the older one."""
    world = started("a")
    first = world.written("bronze")[0][1]
    second = world.upload("a/users.json", body("users", 2))
    world.deliver()
    stored = arrivals.load(world.store(), "a")
    assert stored is not None
    index = stored.record
    passed = replace(index.files["users"], version_id=first.version_id, sequencer=None)
    old = replace(index, files={**index.files, "users": passed})
    assert world.store().replace(keys.arrivals("a"), old, stored.etag)
    gone_for_good(world, first)
    world.settle()
    after, _ = world.peek("a")
    assert after is not None
    assert after.files["users"].version_id == second.version_id
    assert after.generation > index.generation


def test_a_version_that_came_after_the_listing_is_not_taken_for_gone() -> None:
    world = started("a")
    second = world.upload("a/users.json", body("users", 2))
    world.queue.clear()
    late: list[Version] = []

    def between(call: Call) -> Fault | None:
        """A third version is put and judged between the listing and the look at the index."""
        if call.request.key == keys.arrivals("a") and not late:
            late.append(world.upload("a/users.json", body("users", 3)))
            world.cloud.hook = None
            world.notify(late[0])
            world.cloud.hook = between
        return None

    world.cloud.hook = between
    world.reconcile()
    world.cloud.hook = None
    index, _ = world.peek("a")
    assert index is not None
    assert second.version_id != late[0].version_id
    assert index.files["users"].version_id == late[0].version_id


def test_a_batch_at_rest_is_opened_again_after_a_day_and_not_before() -> None:
    world = started("a")
    world.run_jobs()
    world.reconcile()
    world.reconcile()

    def opened() -> bool:
        begun = len(world.cloud.calls)
        world.reconcile()
        return any(
            call.request.key == keys.arrivals("a") and call.request.operation == "GetObject"
            for call in world.cloud.calls[begun:]
        )

    assert not opened()
    world.cloud.sleep(24 * 3600 - 1)
    assert not opened()
    world.cloud.sleep(1)
    assert opened()


def test_a_replay_between_two_looks_is_not_taken_for_rest() -> None:
    """The reconciler looks between the two writes of a replay, and finds nothing to do."""
    world = started("a")
    world.run_jobs()
    world.reconcile()
    looks = iter([True])

    def between(call: Call) -> Fault | None:
        writes = call.request.key.endswith("/claim.json") and call.request.method == "PUT"
        if writes and next(looks, False):
            world.cloud.hook = None
            world.reconcile()
        return None

    world.cloud.hook = between
    audit = operations.audit("replay", "me", "why", world.cloud.now)
    operations.replay(world.store(), "a", world.contract, audit)
    world.cloud.hook = None
    world.reconcile()
    assert len(world.runs) == 2


def test_a_key_as_long_as_s3_allows_does_not_stop_the_others() -> None:
    world = World()
    world.upload("x" * 1010 + "/users.json", body("users"))
    world.upload("y" * 1000 + "/" + "z" * 20, b"?")
    world.upload_batch("a")
    world.queue.clear()
    handle = world.cloud.s3.handle

    def strict(request: Request) -> Reply:
        if len(request.key.encode()) > 1024:
            return s3_error(400, "KeyTooLongError")
        return handle(request)

    world.cloud.s3.handle = strict  # type: ignore[method-assign]
    world.reconcile()
    world.run_jobs()
    assert world.is_published("a")
    assert len(world.contents("quarantine", "files/_unknown/")) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_every_listing_is_read_to_its_end(engine: Engine) -> None:
    """Pages of two: versions, records, runs, rejections, files of gold."""
    world = World(engine)
    world.cloud.s3.page = world.cloud.glue.page = 2
    world.upload("a/users.json", b"nonsense\n")
    for batch in ("a", "b", "c"):
        world.upload_batch(batch)
        world.upload(f"{batch}/notes.txt", b"?")
    for number in (2, 3):
        world.upload("b/users.json", body("users", number))
    world.queue.clear()
    world.reconcile()
    world.run_jobs()
    for batch in ("a", "b", "c"):
        assert world.is_published(batch)
    assert body("users", 3) in (world.readers_see("b") or [])
    refused = len(world.contents("quarantine"))
    assert refused == 4
    world.upload("b/users.json", body("users", 4))
    world.deliver()
    world.run_jobs()
    world.cloud.sleep(25 * 3600)
    world.reconcile()
    runs = {key.split("/")[2] for key in world.contents("gold", f"{TABLES[0]}/batch_id=b/")}
    assert len(runs) == 1
    assert len(world.contents("gold")) == 3 * 3 * len(TABLES)
    before = len(world.cloud.calls)
    world.reconcile()
    assert "PutObject" not in world.cloud.operations()[before:-1]


def test_a_run_on_a_later_page_of_glue_s_list_is_found() -> None:
    world = started("a")
    world.cloud.glue.page = 2
    for number in range(5):
        arguments = {"--BATCH_ID": "x", "--REVISION": f"r{number}", "--ATTEMPT": "1"}
        world.cloud.client("glue").start_job_run(JobName="j", Arguments=arguments)
    world.cloud.sleep(3600)
    world.reconcile()
    assert len(world.runs) == 6
    assert claim(world).attempt == 1
    world.runs[0]["JobRunState"] = "FAILED"
    world.reconcile()
    assert claim(world).attempt == 2


def test_who_waits_for_room_is_not_asked_for_again_in_the_same_call() -> None:
    world = World()
    for batch in ("a", "b", "c"):
        world.upload_batch(batch)
    world.queue.clear()
    world.room(1)
    begun = len(world.cloud.calls)
    world.reconcile()
    assert world.cloud.operations()[begun:].count("StartJobRun") == 2
    assert len(world.runs) == 1
    world.run_jobs()
    world.reconcile()
    assert len(world.runs) == 2


def test_what_a_run_of_the_function_is_writing_is_left_alone_without_any_grace() -> None:
    world = World("duckdb")
    world.contract = replace(world.contract, gold=replace(world.contract.gold, grace_hours=0))
    world.upload_batch("a")
    world.deliver()
    run = world.runs[0]
    stages = world.job(run)
    while next(stages) != "wrote 1":
        pass
    written = len(world.contents("gold"))
    world.cloud.sleep(60)
    world.reconcile()
    assert len(world.contents("gold")) == written > 0
    world.finish(run, stages)
    assert world.is_published("a")


def test_a_record_that_the_code_stumbles_over_does_not_stop_the_others() -> None:
    world = World()
    world.upload_batch("a")
    world.room(0)
    world.deliver()
    found = claims.read(world.store(), "a", claim(world).revision)
    assert found is not None
    odd = replace(found.record, state="starting", claimed_at="yesterday")
    world.store().replace(keys.claim("a", odd.revision), odd, found.etag)
    world.room(5)
    world.upload_batch("b")
    world.queue.clear()
    with pytest.raises(ExceptionGroup) as caught:
        world.reconcile()
    assert [type(error) for error in caught.value.exceptions] == [ValueError]
    world.run_jobs()
    assert world.is_published("b")
