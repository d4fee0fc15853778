"""A run ends its attempt because it refused the data, while others look at the batch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from lakegate.aws import codec
from lakegate.ledger import claims, keys, operations
from lakegate.ledger.records import REFUSED, Audit, Claim, Ended, Engine
from tests.fakes.cloud import Call
from tests.faults.orders.interleaving import every_order
from tests.faults.world import ENGINES, World, body


def judging(engine: Engine) -> World:
    """The run of a batch has the fence, and reads."""
    world = World(engine)
    world.upload_batch("a")
    world.deliver()
    stages = world.job(world.runs[0])
    while next(stages) != "fenced":
        pass
    return world


def verdict(world: World, revision: str, run_id: str, engine: Engine) -> None:
    """What a run that refuses does at its end."""
    run = world.runs[0]
    claim = Claim("a", revision, 3, (), 1, 3, "starting", "", "", "")
    world.report(run, run_id, "FAILED", REFUSED)
    at = codec.stamp(world.cloud.now)
    claims.refuse(world.store(), claim, Ended(1, run_id, "FAILED", at, engine, REFUSED, "why"))
    run["JobRunState"] = "FAILED"


def replay(world: World) -> None:
    audit = Audit("replay", "me", "why", codec.stamp(world.cloud.now))
    operations.replay(world.store(), "a", world.contract, audit)


def in_ledger(call: Call) -> bool:
    return call.request.bucket == "control"


def correct(world: World) -> None:
    world.handle(world.queue[0])


OTHERS: dict[str, tuple[Callable[[World], None], int]] = {
    "reconciler": (World.reconcile, 1),
    "replay": (replay, 2),
    "correction": (correct, 2),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("other", OTHERS)
def test_a_verdict_of_a_run_against_others_in_every_order(other: str, engine: Engine) -> None:
    world = judging(engine)
    [key] = [key for key in world.contents("control") if key.endswith("/attempt-1.json")]
    revision = key.split("/")[3]
    run_id = world.runs[0]["Id"] if engine == "spark" else f"dk_{world.runs[0]['Id']}_1"
    if other == "correction":
        world.upload("a/users.json", body("users", 2))
    act, runs = OTHERS[other]
    at_end = partial(verdict, world, revision, run_id, engine)
    played = 0
    with world.handler_time():
        for order in every_order(world.cloud, lambda: [at_end, partial(act, world)], in_ledger):
            for _ in range(4):
                world.reconcile()
                world.run_jobs()
                world.cloud.sleep(300)
            assert len(world.runs) == runs, order
            assert world.is_published("a") == (runs > 1), order
            stored = world.store().read(Claim, keys.claim("a", revision))
            assert stored is not None
            claim, verdicts = stored.record, [item.reason for item in stored.record.ended]
            assert verdicts in ([], [REFUSED]), order
            rests = other != "replay" and verdicts == [REFUSED]
            assert (claim.state == "exhausted") == rests, order
            played += 1
    assert played > 2
