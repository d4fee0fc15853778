"""Every AWS call of validator, reconciler and job fails in every way; the end is the same.

Like SQLite's tests: the N-th call fails, for N = 0, 1, 2, … until a run gets by without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from lakegate.files.convert import silver
from lakegate.ledger.records import Engine
from tests.fakes.cloud import FAULTS, Fault
from tests.fakes.s3 import FakeS3
from tests.faults.world import ENGINES, STARTS, TABLE, World, body

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"

# How a batch gets on after the fault: by its events alone as far as they go, or by the reconciler.
RECOVERIES = ("redelivery", "reconciler")


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so small that the converted file takes two."""
    monkeypatch.setattr(silver, "PART_BYTES", 40)
    monkeypatch.setattr(FakeS3, "least_part", 40)


def prepare(world: World) -> None:
    """Good files of which one has to be converted, a newer version of one, and a refused one."""
    world.upload("a/users.json", b"[" + body("users").strip() + b"]")
    world.upload("a/events.json", b"not json\n")
    world.upload("a/orders.json", body("orders"))
    world.upload("a/events.json", body("events"))


def validate(world: World) -> None:
    """One notification after the other, as the platform delivers them the first time."""
    while world.queue:
        world.notify(world.queue[0])
        del world.queue[0]


def run_job(world: World) -> None:
    """The first run, from its start to its end."""
    run = world.runs[0]
    world.finish(run, world.job(run))


def before_validator(world: World) -> None:
    prepare(world)


def before_lonely_reconciler(world: World) -> None:
    """All notifications are lost."""
    prepare(world)
    world.queue.clear()


def before_finishing_reconciler(world: World) -> None:
    """The run has ended in vain, and so the reconciler starts the next attempt."""
    prepare(world)
    validate(world)
    world.lose(world.runs[0])


def before_flipping_reconciler(world: World) -> None:
    """The run died after its publication; a superseded run waits to be deleted."""
    prepare(world)
    validate(world)
    run_job(world)
    world.upload("a/users.json", body("users", 2))
    validate(world)
    run = world.runs[1]
    stages = world.job(run)
    while next(stages) != "published":
        pass
    run["JobRunState"] = "FAILED"
    world.cloud.sleep(25 * 3600)


def before_taking_over(world: World) -> None:
    """The claim's owner died before it started a run."""
    prepare(world)
    world.cloud.hook = lambda call: "dies" if call.request.operation in STARTS else None
    assert world.fails(lambda: validate(world))
    world.cloud.hook = None
    world.queue.clear()
    world.cloud.sleep(600)


def before_job(world: World) -> None:
    prepare(world)
    validate(world)


SCENES: dict[str, tuple[Callable[[World], None], Callable[[World], None]]] = {
    "validator": (before_validator, validate),
    "reconciler judges": (before_lonely_reconciler, lambda world: world.reconcile()),
    "reconciler retries": (before_finishing_reconciler, lambda world: world.reconcile()),
    "reconciler flips": (before_flipping_reconciler, lambda world: world.reconcile()),
    "reconciler takes over": (before_taking_over, lambda world: world.reconcile()),
    "job": (before_job, run_job),
}


class Scene:
    """A prepared world that can be played from the same beginning again and again."""

    def __init__(self, name: str, engine: Engine) -> None:
        prepare_world, self.act = SCENES[name]
        self.world = World(engine)
        prepare_world(self.world)
        self.queue = list(self.world.queue)
        self.restore = self.world.cloud.snapshot()
        self.begun = len(self.world.cloud.calls)
        self.act(self.world)
        self.operations = self.world.cloud.operations()[self.begun :]
        self.wanted = self.play(None, "reconciler")
        assert self.wanted["readers"]["a"][TABLE] is not None
        assert self.wanted["revisions"]["a"] is not None

    def play(
        self, fault: tuple[int, Fault] | None, recovery: str, tries: int = 1
    ) -> dict[str, Any]:
        """The outcome after a fault at one call, and what the platform does about it afterwards."""
        world = self.world
        self.restore()
        world.queue, world.cloud.tries = list(self.queue), tries
        if fault is not None:
            place, kind = self.begun + fault[0], fault[1]
            world.cloud.hook = lambda call: kind if call.index == place else None
        world.fails(lambda: self.act(world))
        world.cloud.hook = None
        for run in world.runs:
            if run["JobRunState"] == "RUNNING":
                run["JobRunState"] = "FAILED"
        if recovery == "reconciler":
            world.queue.clear()
        world.settle()
        world.cloud.sleep(25 * 3600)
        world.reconcile()
        return {**world.outcome(), "runs in gold": len(self.runs_in_gold())}

    def runs_in_gold(self) -> set[str]:
        return {key.split("/")[2] for key in self.world.contents("gold")}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SCENES)
def test_a_fault_at_any_call_changes_nothing_in_the_end(name: str, engine: Engine) -> None:
    scene, tried = Scene(name, engine), 0
    for index, operation in enumerate(scene.operations):
        # The quick profile tries each call in one way, and each way at some call.
        faults = FAULTS if THOROUGH else (FAULTS[index % len(FAULTS)],)
        for fault in faults:
            for recovery in RECOVERIES if THOROUGH else (RECOVERIES[index // 8 % 2],):
                where = f"{name}, {engine}: call {index} ({operation}) {fault}, then {recovery}"
                assert scene.play((index, fault), recovery) == scene.wanted, where
                assert scene.wanted["runs in gold"] == 1
                tried += 1
    print(f"faults tried and survived: {name}, {engine}: {tried}")  # noqa: T201


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", SCENES)
def test_an_own_write_that_meets_itself_counts_as_won(
    name: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is lost and the SDK asks again: the retry is told 412 by its own first try."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    scene = Scene(name, engine)
    for index, operation in enumerate(scene.operations):
        if operation == "PutObject":
            runs = len(scene.world.runs)
            assert scene.play((index, "5xx-lost"), "reconciler", tries=2) == scene.wanted, index
            assert len(scene.world.runs) <= runs
