"""Operators' requests: audited, safe to repeat, refused where the state does not allow them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lakegate.aws.errors import OperationRefusedError
from lakegate.ledger import keys, operations, publication
from lakegate.ledger.records import Audit, Force, Published
from tests.faults.world import TABLE, World, body

REQUIRED = ("users", "events", "orders")
GRACE = timedelta(hours=24)


def audit(world: World, action: str = "test") -> Audit:
    return operations.audit(action, "me", "because", world.cloud.now)


def published(world: World) -> Published:
    stored = publication.read(world.store(), "a")
    assert stored is not None
    return stored.record


def rollback(world: World, revision: str | None = None) -> Published:
    return operations.rollback(world.store(), world.catalog(), "a", revision, audit(world), GRACE)


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
    claim = operations.replay(world.store(), "a", REQUIRED, 3, audit(world, "replay"))
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
    operations.replay(world.store(), "a", REQUIRED, 3, audit(world))
    world.reconcile()
    world.run_jobs()
    assert world.is_published("a")


def test_replaying_what_is_incomplete_or_not_started_is_refused() -> None:
    world = World()
    with pytest.raises(OperationRefusedError, match="nothing has arrived"):
        operations.replay(world.store(), "a", REQUIRED, 3, audit(world))
    world.upload("a/users.json", body("users"))
    world.deliver()
    with pytest.raises(OperationRefusedError, match="events, orders"):
        operations.replay(world.store(), "a", REQUIRED, 3, audit(world))


def test_a_forced_batch_goes_on_without_and_a_late_file_makes_a_new_revision() -> None:
    world = World()
    world.upload("a/users.json", body("users"))
    world.upload("a/events.json", body("events"))
    world.deliver()
    order = Force(("orders",), "shop closed", "me", "2026-11-22T12:00:00Z")
    assert operations.force(world.store(), "a", REQUIRED, order) == ()
    assert operations.force(world.store(), "a", REQUIRED, order) == ()
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
