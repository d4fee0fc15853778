"""Bronze alone makes everything again: silver, control, gold and catalog are lost and rebuilt."""

from __future__ import annotations

from typing import Any

import pytest

from lakegate.ledger.records import Engine
from tests.faults.world import ENGINES, World, body

LOST = ("silver", "control", "gold")


def history(engine: Engine) -> World:
    """Several batches with parts, corrections, refusals, a late older event and waiting files."""
    world = World(engine)
    world.upload_batch("plain")
    world.upload_batch("corrected")
    world.upload("corrected/users.json", body("users", 2))
    world.upload("corrected/users.json", b"nonsense\n")
    world.upload("corrected/users.json", body("users", 3))
    world.queue.reverse()
    world.upload_manifest(
        "parts", "users.json", "orders.json", "events-0001.json", "events-0002.json"
    )
    for number, name in enumerate(("events-0001", "events-0002")):
        world.upload(f"parts/{name}.json", body("events", number))
    world.upload("parts/users.json", body("users"))
    world.upload("parts/orders.json", body("orders"))
    world.upload("parts/notes.txt", b"?")
    world.upload("waits/users.json", body("users"))
    world.upload("users.json", body("users"))
    world.settle()
    world.upload("plain/orders.json", body("orders", 2))
    world.settle()
    return world


def seen(world: World) -> dict[str, Any]:
    """What must be the same again: copies, verdicts, and what readers see of each batch."""
    outcome = world.outcome()
    index, _ = world.peek("waits")
    assert index is not None
    return {
        "silver": outcome["silver"],
        "quarantine": outcome["quarantine"],
        "readers": outcome["readers"],
        "revisions": outcome["revisions"],
        "waiting": sorted(index.files),
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("quarantine", ["kept", "lost"])
def test_bronze_alone_makes_everything_again(engine: Engine, quarantine: str) -> None:
    world = history(engine)
    before = seen(world)
    assert before["readers"]["corrected"] != before["readers"]["plain"]
    assert before["readers"]["waits"]["user_activity"] is None
    for bucket in (*LOST, *(["quarantine"] if quarantine == "lost" else [])):
        world.cloud.s3.buckets[bucket].clear()
    world.cloud.glue.partitions.clear()
    world.cloud.sleep(3600)
    assert world.readers_see("plain") is None
    world.queue.clear()
    for _ in range(4):
        world.reconcile()
        world.run_jobs()
        world.cloud.sleep(300)
    assert seen(world) == before
