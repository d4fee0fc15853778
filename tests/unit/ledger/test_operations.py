"""Operators' requests: audited, safe to repeat, refused where the state does not allow them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lakegate.aws.errors import OperationRefusedError
from lakegate.ledger import keys, operations, publication
from lakegate.ledger.operations import Forced, Replayed
from lakegate.ledger.records import Arrivals, Audit, Force, Published
from tests.fakes.cloud import Call, Fault, ProcessDiedError
from tests.faults.world import TABLE, World, body

REQUIRED = ("users", "events", "orders")
GRACE = timedelta(hours=24)


def audit(world: World, action: str = "test") -> Audit:
    return operations.audit(action, "me", "because", world.cloud.now)


def published(world: World) -> Published:
    stored = publication.read(world.store(), "a")
    assert stored is not None
    return stored.record


def index(world: World) -> Arrivals:
    found, _ = world.peek("a")
    assert found is not None
    return found


def rollback(world: World, revision: str | None = None) -> Published:
    done = operations.rollback(
        world.store(), world.catalog(), "a", audit(world), GRACE, to=revision
    )
    return done.pointer


@pytest.fixture
def world() -> World:
    """Two revisions of a batch were published, one after the other."""
    world = World()
    world.upload_batch("a")
    world.settle()
    world.upload("a/users.json", body("users", 2))
    world.settle()
    return world


def test_rolling_back_points_readers_to_the_earlier_run_and_is_audited(world: World) -> None:
    newest = published(world)
    pointer = rollback(world)
    assert body("users", 1) in (world.readers_see("a") or [])
    move = pointer.history[-1]
    assert (move.action, move.by, move.reason) == ("rollback", "me", "because")
    assert pointer.high_water == newest.order
    assert pointer.revision == newest.history[0].revision


def test_the_reconciler_does_not_undo_a_rollback(world: World) -> None:
    pointer, runs = rollback(world), len(world.cloud.glue.runs)
    for _ in range(3):
        world.reconcile()
        world.run_jobs()
        world.cloud.sleep(300)
    assert published(world) == pointer
    assert len(world.cloud.glue.runs) == runs


def test_a_later_upload_goes_on_after_a_rollback(world: World) -> None:
    rollback(world)
    world.upload("a/users.json", body("users", 3))
    world.settle()
    assert body("users", 3) in (world.readers_see("a") or [])


def test_going_forward_again_is_a_rollback_to_the_newer_revision(world: World) -> None:
    newest = published(world).revision
    rollback(world)
    assert rollback(world, newest).revision == newest


def test_a_rollback_that_is_repeated_is_done_already_and_goes_no_further_back(
    world: World,
) -> None:
    newest = published(world)
    world.upload("a/users.json", body("users", 3))
    world.settle()
    third = published(world)
    done = operations.rollback(world.store(), world.catalog(), "a", audit(world), GRACE)
    assert (done.already, done.pointer.history[-1].away_from) == (False, third.run_id)
    for _ in range(2):
        again = operations.rollback(world.store(), world.catalog(), "a", audit(world), GRACE)
        assert (again.already, again.pointer) == (True, done.pointer)
    assert published(world).run_id == newest.run_id
    first = newest.history[0]
    assert rollback(world, first.revision).run_id == first.run_id


def test_a_rollback_that_was_interrupted_before_the_flip_is_finished_by_its_repetition(
    world: World,
) -> None:
    flips = ("CreatePartition", "BatchUpdatePartition")
    world.cloud.hook = lambda call: "dies" if call.request.operation in flips else None
    with pytest.raises(ProcessDiedError):
        rollback(world)
    world.cloud.hook = None
    assert not world.follows("a", published(world))
    pointer = rollback(world)
    assert pointer.history[-1].action == "rollback"
    assert world.follows("a", pointer)


def test_a_rollback_that_names_another_run_than_readers_see_is_refused(world: World) -> None:
    first = published(world).history[0].run_id
    with pytest.raises(OperationRefusedError, match="readers see jr_000002 by now"):
        operations.rollback(
            world.store(), world.catalog(), "a", audit(world), GRACE, away_from=first
        )


def test_a_rollback_does_not_roll_away_what_was_published_meanwhile(world: World) -> None:
    """Between its look at the pointer and its write another run publishes: that is another wish."""
    world.upload("a/users.json", body("users", 3))
    world.deliver()
    racing = iter([True])

    def hook(call: Call) -> Fault | None:
        writes = call.request.key == keys.published("a") and call.request.method == "PUT"
        if writes and next(racing, False):
            world.run_jobs()
        return None

    world.cloud.hook = hook
    with pytest.raises(OperationRefusedError, match="readers see jr_000003 by now"):
        rollback(world)
    world.cloud.hook = None
    assert body("users", 3) in (world.readers_see("a") or [])


def test_a_run_that_is_deleted_or_about_to_be_is_refused(world: World) -> None:
    with pytest.raises(OperationRefusedError, match="no earlier publication"):
        rollback(world, "nonsense")
    prefix = published(world).history[0].tables[TABLE]
    for key in world.contents("gold", prefix):
        world.cloud.s3.delete("gold", key)
    with pytest.raises(OperationRefusedError, match="deleted"):
        rollback(world)
    world.cloud.sleep(23 * 3600)
    with pytest.raises(OperationRefusedError, match="grace"):
        rollback(world)


def test_a_rollback_without_a_publication_is_refused() -> None:
    with pytest.raises(OperationRefusedError):
        rollback(World())


def test_replaying_runs_the_same_revision_again(world: World) -> None:
    before = published(world)
    claim = operations.replay(world.store(), "a", world.contract, audit(world, "replay")).claim
    assert claim.revision == before.revision
    assert claim.audit[-1].action == "replay"
    assert world.follows("a", before)
    world.settle()
    world.reconcile()
    world.run_jobs()
    after = published(world)
    assert (after.revision, after.order) == (before.revision, claim.order)
    assert after.run_id != before.run_id
    runs = len(world.cloud.glue.runs)
    world.reconcile()
    assert len(world.cloud.glue.runs) == runs


def test_replaying_an_exhausted_batch_gives_it_new_attempts() -> None:
    world = World()
    world.upload_batch("a")
    world.deliver()
    for _ in range(4):
        for run in world.cloud.glue.runs:
            run["JobRunState"] = "FAILED"
        world.reconcile()
    assert len(world.cloud.glue.runs) == 3
    operations.replay(world.store(), "a", world.contract, audit(world))
    world.reconcile()
    world.run_jobs()
    assert world.is_published("a")


def test_replaying_what_is_incomplete_is_refused() -> None:
    world = World()
    with pytest.raises(OperationRefusedError, match="nothing has arrived"):
        operations.replay(world.store(), "a", world.contract, audit(world))
    world.upload("a/users.json", body("users"))
    world.deliver()
    with pytest.raises(OperationRefusedError, match="events, orders"):
        operations.replay(world.store(), "a", world.contract, audit(world))


def test_a_forced_batch_goes_on_without_and_a_late_file_makes_a_new_revision() -> None:
    world = World()
    world.upload("a/users.json", body("users"))
    world.upload("a/events.json", body("events"))
    world.deliver()
    order = Force(("orders",), "shop closed", "me", "2026-11-22T12:00:00Z")
    assert operations.force(world.store(), "a", REQUIRED, order) == Forced(())
    generation = index(world).generation
    assert operations.force(world.store(), "a", REQUIRED, order) == Forced((), already=True)
    assert index(world).generation == generation
    world.reconcile()
    world.run_jobs()
    assert world.readers_see("a") == sorted([body("users"), body("events")])
    world.upload("a/orders.json", body("orders"))
    world.settle()
    assert body("orders") in (world.readers_see("a") or [])
    assert world.store().get(keys.force("a")) is not None


def test_a_force_outranks_an_earlier_rollback(world: World) -> None:
    """The manifest asks for more than there is; a rollback has ruled out all up to that."""
    world.upload_manifest("a", "users.json", "events.json", "orders.json", "orders-0001.json")
    world.upload("a/users.json", body("users", 3))
    world.deliver()
    rollback(world)
    forced("orders-0001", world)
    assert body("users", 3) in (world.readers_see("a") or [])


def test_a_rollback_rules_out_what_is_under_way(world: World) -> None:
    world.upload("a/users.json", body("users", 3))
    world.deliver()
    pointer = rollback(world)
    world.run_jobs()
    world.reconcile()
    assert published(world) == pointer


def forced(without: str, world: World) -> None:
    """An order to go on without, and what comes of it."""
    order = Force((without,), "why", "me", "2026-11-22T12:00:00Z")
    operations.force(world.store(), "a", REQUIRED, order)
    world.reconcile()
    world.run_jobs()


def test_forcing_what_is_not_there_is_refused() -> None:
    world = World()
    order = Force(("orders",), "why", "me", "")
    with pytest.raises(OperationRefusedError):
        operations.force(world.store(), "a", REQUIRED, order)


@pytest.mark.parametrize(("by", "reason"), [("", "why"), ("me", " ")])
def test_nobody_asks_without_name_and_reason(by: str, reason: str) -> None:
    with pytest.raises(OperationRefusedError):
        operations.audit("replay", by, reason, World().cloud.now)


def replay(world: World, **more: Any) -> Replayed:
    return operations.replay(world.store(), "a", world.contract, audit(world, "replay"), **more)


def test_a_replay_that_is_under_way_is_not_asked_for_twice(world: World) -> None:
    first = replay(world)
    assert replay(world) == Replayed(first.claim, already=True)
    world.reconcile()
    assert replay(world).already
    assert len(world.runs) == 3
    world.run_jobs()
    assert published(world).order == first.claim.order
    later = replay(world)
    assert (later.already, later.claim.attempt) == (False, 3)


def test_a_replay_names_the_attempt_that_it_repeats(world: World) -> None:
    done = replay(world, of=1)
    assert done.claim.audit[-1].about == "1"
    world.settle()
    assert replay(world, of=1).already
    with pytest.raises(OperationRefusedError, match="attempt 7 is over; now it is 2"):
        replay(world, of=7)
    assert replay(world, of=2).claim.attempt == 3


def test_a_replay_by_another_engine_is_another_wish(world: World) -> None:
    replay(world)
    with pytest.raises(OperationRefusedError, match="engine duckdb is not deployed"):
        replay(world, engine="duckdb")
    done = replay(world, engine="duckdb", engines=("spark", "duckdb"))
    assert (done.already, done.claim.engine, done.claim.engine_by) == (False, "duckdb", "operator")
    world.reconcile()
    world.run_jobs()
    assert len(world.cloud.functions.runs) == 1
    assert world.is_published("a")
    assert published(world).run_id.startswith("dk_")


def test_a_replay_of_what_was_too_large_for_duckdb_stays_with_spark() -> None:
    world = World("auto")
    world.upload_batch("a")
    world.deliver()
    world.lose(world.runs[0])
    world.reconcile()
    world.run_jobs()
    done = replay(world, engines=("spark", "duckdb"))
    assert (done.claim.engine, done.claim.engine_by) == ("spark", "escalation")


def test_a_complete_batch_is_not_forced(world: World) -> None:
    """Not even after a rollback: it would publish again what was rolled away."""
    pointer = rollback(world)
    with pytest.raises(OperationRefusedError, match="lakegate replay a"):
        operations.force(world.store(), "a", REQUIRED, Force(("orders",), "why", "me", ""))
    world.settle()
    assert published(world) == pointer


def test_an_order_whose_publication_was_rolled_away_is_not_given_again() -> None:
    world = World()
    world.upload("a/users.json", body("users"))
    world.upload("a/events.json", body("events"))
    world.deliver()
    forced("orders", world)
    world.upload("a/events.json", body("events", 2))
    world.deliver()
    world.reconcile()
    world.run_jobs()
    first = published(world).history[0]
    assert rollback(world).run_id == first.run_id
    with pytest.raises(OperationRefusedError, match="was rolled back"):
        forced("orders", world)
    assert published(world).run_id == first.run_id
    replay(world)
    world.reconcile()
    world.run_jobs()
    assert body("events", 2) in (world.readers_see("a") or [])
