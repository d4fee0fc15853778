"""Rollback, replay and force with every fault at every call, repeated or not, and against others.

Whoever repeats a request until it is answered gets what was asked for, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest

from lakegate.aws.errors import OperationRefusedError
from lakegate.ledger import operations
from lakegate.ledger.records import Audit, Engine, Force, Published
from tests.fakes.cloud import FAULTS, Call, Fault
from tests.faults.contracts import REVIEW, with_reviews_landed, with_reviews_required
from tests.faults.orders.interleaving import THOROUGH, Process, every_order
from tests.faults.world import ENGINES, TABLES, World, body

REQUIRED = ("users", "events", "orders")
GRACE = timedelta(hours=24)


def audit(world: World, action: str) -> Audit:
    return operations.audit(action, "me", "because", world.cloud.now)


def published_twice(engine: Engine) -> World:
    """Readers see the second version of users."""
    world = World(engine)
    world.upload_batch("a")
    world.settle()
    world.upload("a/users.json", body("users", 2))
    world.settle()
    world.reconcile()
    return world


def waiting(engine: Engine) -> World:
    """Two of three files are there."""
    world = World(engine)
    world.upload("a/users.json", body("users"))
    world.upload("a/events.json", body("events"))
    world.deliver()
    world.reconcile()
    return world


def landed(engine: Engine) -> World:
    """Readers see a batch without a file whose dataset is read since."""
    world = World(engine)
    with_reviews_landed(world)
    world.upload_batch("a")
    world.upload("a/reviews.json", REVIEW)
    world.settle()
    with_reviews_required(world)
    world.reconcile()
    return world


def rollback(world: World, away_from: str | None = None) -> None:
    asks = audit(world, "rollback")
    operations.rollback(world.store(), world.catalog(), "a", asks, GRACE, away_from=away_from)


def replay(world: World) -> None:
    operations.replay(world.store(), "a", world.contract, audit(world, "replay"))


def force(world: World) -> None:
    operations.force(world.store(), "a", REQUIRED, Force(("orders",), "why", "me", "t"))


def pointer(world: World) -> Published | None:
    return world.peek("a")[1]


def moves(world: World) -> list[str]:
    found = pointer(world)
    return [move.action for move in found.history] if found else []


def users(world: World) -> list[int]:
    """Which versions of users readers see, in both tables alike."""
    one, other = (world.readers_see("a", table) for table in TABLES)
    assert one == other
    return [number for number in (1, 2, 3) if body("users", number) in (one or [])]


@dataclass(frozen=True)
class Case:
    """An operation, the world before it, and the two ends: not done, and done."""

    make: Callable[[Engine], World]
    ask: Callable[[World], None]
    before: tuple[list[int], list[str], int]
    after: tuple[list[int], list[str], int]


CASES = {
    "rollback": Case(
        published_twice,
        rollback,
        ([2], ["publish"] * 2, 2),
        ([1], ["publish", "publish", "rollback"], 2),
    ),
    "replay": Case(published_twice, replay, ([2], ["publish"] * 2, 2), ([2], ["publish"] * 3, 3)),
    "force": Case(waiting, force, ([], [], 0), ([1], ["publish"], 1)),
    "replay of landed": Case(
        landed, replay, ([1], ["publish"], 1), ([1], ["publish", "publish"], 2)
    ),
}


def end(world: World) -> tuple[list[int], list[str], int]:
    """What readers see, the pointer's moves, and how many runs there were."""
    for _ in range(6):
        world.fails(world.reconcile)
        world.run_jobs()
        world.cloud.sleep(300)
    found = pointer(world)
    assert found is None or world.follows("a", found)
    return users(world), moves(world), len(world.runs)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_an_operation_that_is_repeated_until_it_is_answered_is_done_once(
    name: str, engine: Engine
) -> None:
    case = CASES[name]
    world = case.make(engine)
    restore, begun = world.cloud.snapshot(), len(world.cloud.calls)
    case.ask(world)
    calls = len(world.cloud.calls) - begun
    assert end(world) == case.after
    tried = 0
    for index in range(calls):
        faults = FAULTS if THOROUGH else (FAULTS[(index + len(name)) % len(FAULTS)],)
        for fault in faults:
            for repeated in (False, True):
                restore()
                _with_fault(world, begun + index, fault, lambda: case.ask(world))
                if repeated:
                    case.ask(world)
                found = end(world)
                wanted = (case.after,) if repeated else (case.before, case.after)
                assert found in wanted, f"{name}: call {index} {fault}, repeated: {repeated}"
                tried += 1
    print(f"faults tried and survived: {name}, {engine}: {tried}")  # noqa: T201


def _with_fault(world: World, place: int, fault: Fault, act: Callable[[], None]) -> None:
    world.cloud.hook = lambda call: fault if call.index == place else None
    world.fails(act)
    world.cloud.hook = None


def in_ledger(call: Call) -> bool:
    return call.request.bucket == "control" or call.request.service in ("glue", "lambda")


def asked(act: Callable[[World], None], world: World) -> None:
    """An operator who is told that it is too late."""
    try:
        act(world)
    except OperationRefusedError:
        return


def at_the_pointer(call: Call) -> bool:
    return call.request.key.endswith("published.json")


def met(
    world: World, *processes: Process, matters: Callable[[Call], bool] = in_ledger
) -> Iterator[tuple[int, ...]]:
    """Each order of the processes' calls, played: what comes of it is to be looked at."""
    return every_order(world.cloud, lambda: processes, matters)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rollback_against_a_run_that_publishes(engine: Engine) -> None:
    """Either the rollback comes first and rules the run out, or it is told that it is too late."""
    world = published_twice(engine)
    world.upload("a/users.json", body("users", 3))
    world.deliver()

    def job() -> None:
        run = next(run for run in world.runs if run["JobRunState"] == "STARTING")
        world.finish(run, world.job(run))

    found = set()
    seen_now = pointer(world)
    assert seen_now is not None
    ask = partial(asked, partial(rollback, away_from=seen_now.run_id), world)
    for order in met(world, job, ask, matters=at_the_pointer):
        seen, history, _ = end(world)
        found.add((tuple(seen), *history[2:]))
        assert found <= {((1,), "rollback"), ((3,), "publish")}, order
    assert len(found) == 2


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CASES)
def test_an_operation_against_a_call_of_the_reconciler(name: str, engine: Engine) -> None:
    case = CASES[name]
    world = case.make(engine)
    looks = partial(world.reconcile, look_at_bronze=False)
    played = 0
    for order in met(world, partial(asked, case.ask, world), looks):
        assert end(world) == case.after, order
        played += 1
    assert played >= 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_replay_whose_landed_files_the_reconciler_starts_first_asks_for_no_other_run(
    engine: Engine,
) -> None:
    world = landed(engine)

    def first(call: Call) -> None:
        if call.request.key.endswith("/claim.json"):
            world.cloud.hook = None
            world.reconcile(look_at_bronze=False)

    world.cloud.hook = first
    replay(world)
    assert world.cloud.hook is None
    assert end(world) == CASES["replay of landed"].after


@pytest.mark.parametrize("engine", ENGINES)
def test_a_replay_against_the_run_of_the_same_revision(engine: Engine) -> None:
    world = World(engine)
    world.upload_batch("a")
    world.deliver()

    def job() -> None:
        run = next(run for run in world.runs if run["JobRunState"] == "STARTING")
        world.finish(run, world.job(run))

    for order in met(world, partial(asked, replay, world), job):
        seen, history, runs = end(world)
        assert (seen, runs, history[-1]) == ([1], 2, "publish"), order
        assert world.is_published("a")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["rollback", "replay"])
def test_an_operation_against_a_newer_upload(name: str, engine: Engine) -> None:
    """A newer file is never lost to a replay; a rollback rules out what it saw, and no more."""
    world = published_twice(engine)
    newer = world.upload("a/users.json", body("users", 3))
    world.queue.clear()
    ask = partial(asked, CASES[name].ask, world)
    with world.handler_time():
        for order in met(world, ask, partial(world.handle, newer)):
            seen, _, _ = end(world)
            assert seen in ([[3]] if name == "replay" else [[1], [3]]), order


@pytest.mark.parametrize("engine", ENGINES)
def test_a_force_against_the_file_that_was_missing(engine: Engine) -> None:
    world = waiting(engine)
    late = world.upload("a/orders.json", body("orders"))
    world.queue.clear()
    with world.handler_time():
        handled = partial(world.handle, late)
        for order in met(world, partial(asked, force, world), handled):
            end(world)
            assert body("orders") in (world.readers_see("a") or []), order
            assert world.is_published("a"), order
