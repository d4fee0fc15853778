"""Accounts that the first edition left behind, each at another moment, are carried on.

`tests/fixtures/first_edition` holds their objects, runs and partitions as that edition wrote them.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lakegate.ledger import gate, operations, publication
from lakegate.ledger.records import Published
from tests.fakes.s3 import Version
from tests.faults.world import TABLE, TABLES, World, body

ACCOUNTS = Path(__file__).parents[2] / "fixtures/first_edition"
REQUIRED = ("users", "events", "orders")
ALL = sorted(body(name) for name in REQUIRED)


def account(name: str) -> World:
    """The account as the first edition left it, with this edition deployed over it."""
    found = json.loads((ACCOUNTS / f"{name}.json").read_text())
    world = World()
    world.cloud.now = datetime.fromisoformat(found["now"])
    s3, glue = world.cloud.s3, world.cloud.glue
    for bucket, key, version_id, content, modified, sequencer in found["objects"]:
        data = None if content is None else content.encode()
        version = Version(key, version_id, data, datetime.fromisoformat(modified), sequencer)
        s3.buckets[bucket].setdefault(key, []).append(version)
    s3.serial, glue.runs = found["serial"], found["runs"]
    glue.partitions = {(db, table, batch): kept for db, table, batch, kept in found["partitions"]}
    return world


def pointer(world: World) -> Published:
    stored = publication.read(world.store(), "a")
    assert stored is not None
    return stored.record


def end_all(world: World) -> None:
    """What Glue still ran ends; the reconciler does the rest."""
    for run in world.cloud.glue.runs:
        if run["JobRunState"] == "RUNNING":
            run["JobRunState"] = "FAILED"
    world.cloud.sleep(600)
    world.settle()


@pytest.mark.parametrize(
    "name", ["claimed", "pending", "running", "fenced", "failed", "unflipped", "replayed"]
)
def test_a_batch_in_flight_is_brought_to_its_end(name: str) -> None:
    world = account(name)
    end_all(world)
    wanted = [body("users", 2), *ALL[:2]] if name == "replayed" else ALL
    assert world.readers_see("a") == sorted(wanted)
    assert world.follows("a", pointer(world))


def test_files_that_came_under_a_manifest_are_known() -> None:
    world = account("listed")
    end_all(world)
    assert world.readers_see("a") == sorted([*ALL, body("orders", 4)])


def test_what_was_waiting_goes_on_with_what_was_missing() -> None:
    world = account("waiting")
    world.settle()
    assert world.readers_see("a") is None
    world.upload("a/orders.json", body("orders"))
    world.settle()
    assert world.readers_see("a") == ALL


def test_an_order_to_go_on_without_holds() -> None:
    world = account("forced")
    world.settle()
    world.reconcile()
    world.run_jobs()
    assert world.readers_see("a") == sorted([body("users"), body("events")])


def test_exhausted_attempts_stay_so_until_a_replay() -> None:
    world = account("exhausted")
    world.settle(rounds=3)
    assert world.readers_see("a") is None
    audit = operations.audit("replay", "me", "why", world.cloud.now)
    operations.replay(world.store(), "a", world.contract, audit)
    world.settle()
    assert world.readers_see("a") == ALL


@pytest.mark.parametrize("name", ["published", "rolled_back"])
def test_what_was_published_is_left_as_it_is(name: str) -> None:
    """The table that is new in this edition has no partition before the batch runs again."""
    world = account(name)
    before, runs = world.location("a"), len(world.cloud.glue.runs)
    for _ in range(3):
        world.reconcile()
        world.run_jobs()
        world.cloud.sleep(300)
    assert before == f"s3://gold/{pointer(world).tables[TABLE]}"
    assert world.location("a") == before
    assert world.location("a", TABLES[1]) is None
    assert len(world.cloud.glue.runs) == runs
    number = 1 if name == "rolled_back" else 2
    assert body("users", number) in (world.readers_see("a") or [])


def test_a_later_upload_publishes_all_tables_of_this_edition() -> None:
    world = account("rolled_back")
    world.upload("a/users.json", body("users", 3))
    world.settle()
    for table in TABLES:
        assert body("users", 3) in (world.readers_see("a", table) or [])
    assert set(pointer(world).history[0].tables) == {TABLE}


def test_a_rollback_to_what_the_first_edition_published_takes_the_new_table_back() -> None:
    world = account("published")
    old = pointer(world)
    world.upload("a/users.json", body("users", 3))
    world.settle()
    audit = operations.audit("rollback", "me", "why", world.cloud.now)
    grace = timedelta(hours=24)
    back = operations.rollback(world.store(), world.catalog(), "a", audit, grace).pointer
    assert (back.run_id, set(back.tables)) == (old.run_id, {TABLE})
    assert world.location("a") == f"s3://gold/{old.tables[TABLE]}"
    assert world.location("a", TABLES[1]) is None


def test_a_revision_has_the_same_name_as_in_the_first_edition() -> None:
    world = account("running")
    index, _ = world.peek("a")
    assert index is not None
    assert (
        gate.decide(REQUIRED, index).revision == world.cloud.glue.runs[0]["Arguments"]["--REVISION"]
    )
