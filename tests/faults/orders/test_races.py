"""Many at once: one claim, one run, one publication, whatever order the calls come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from lakegate.ledger import catalog, keys, publication
from lakegate.ledger import claims as ledger_claims
from lakegate.ledger.records import Engine
from tests.fakes.cloud import Call
from tests.fakes.s3 import Version
from tests.faults.orders.interleaving import Explored, Process, every_order
from tests.faults.world import ENGINES, STARTS, TABLES, World, body

MANY = 64


def at_once(world: World, versions: list[Version]) -> None:
    with world.handler_time(), ThreadPoolExecutor(MANY) as pool:
        for done in [pool.submit(world.handle, version) for version in versions]:
            done.result()


def finish(world: World, run: dict[str, Any]) -> None:
    world.finish(run, world.job(run))


def told(
    what: str,
    world: World,
    processes: Callable[[], Sequence[Process]],
    matters: Callable[[Call], bool],
) -> Iterator[tuple[int, ...]]:
    """Every order of the calls that matter, up to equal states, and how many there were."""
    explored = Explored()
    yield from every_order(world.cloud, processes, matters, explored, few=40)
    print(f"{what}: {explored.orders} orders, {len(explored.states)} states")  # noqa: T201


def claims(world: World) -> list[str]:
    return [key for key in world.contents("control") if key.endswith("/claim.json")]


@pytest.mark.parametrize("engine", ENGINES)
def test_sixty_four_deliveries_of_the_last_arrival_start_one_run(engine: Engine) -> None:
    world = World(engine)
    world.upload_batch("a")
    world.notify(*world.queue[:2])
    at_once(world, [world.queue[2]] * MANY)
    assert len(world.runs) == 1
    assert len(claims(world)) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_sixty_four_parts_that_arrive_at_once_are_all_recorded_and_start_one_run(
    engine: Engine,
) -> None:
    world = World(engine)
    parts = [f"events-{number:04d}.json" for number in range(MANY)]
    world.upload_manifest("a", "users.json", "orders.json", *parts)
    world.upload("a/users.json", body("users"))
    world.upload("a/orders.json", body("orders"))
    world.notify(*world.queue)
    last = [world.upload(f"a/{part}", body("events", n)) for n, part in enumerate(parts)]
    at_once(world, last)
    index, _ = world.peek("a")
    assert index is not None
    assert len(index.files) == MANY + 2
    assert index.generation == MANY + 3
    assert len(world.runs) == 1
    assert len(claims(world)) == 1


def in_ledger(call: Call) -> bool:
    return call.request.bucket == "control" or call.request.service in ("glue", "lambda")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("delivered", [(1, 2), (2, 2), (1, 2, 2)], ids=str)
def test_handlers_over_one_batch_in_every_order(engine: Engine, delivered: tuple[int, ...]) -> None:
    """The last two arrivals; the last one twice; both, and one of them twice."""
    world = World(engine)
    world.upload_batch("a")
    world.notify(*(world.queue[index] for index in (0, 1, 2) if index not in delivered))
    played = 0
    with world.handler_time():
        for order in told(
            f"handlers {delivered}",
            world,
            lambda: [partial(world.handle, world.queue[index]) for index in delivered],
            in_ledger,
        ):
            assert len(world.runs) == 1, order
            assert len(claims(world)) == 1, order
            index, _ = world.peek("a")
            assert index is not None
            assert sorted(index.files) == ["events", "orders", "users"], order
            assert index.generation == 3, order
            played += 1
    assert played >= 5


@pytest.mark.parametrize("other", ["a/users.csv", "a/users.jsonl"])
def test_of_two_names_of_one_file_silver_holds_the_accepted_one_in_every_order(other: str) -> None:
    """One of them is converted, or both are copied; the loser may be delivered twice."""
    world = World()
    csv = b"user_id,signed_up_at\n2,2026-01-01T00:00:00Z\n"
    files = [
        world.upload("a/users.json", body("users")),
        world.upload(other, csv if other.endswith("csv") else body("users", 2)),
    ]

    def decisive(call: Call) -> bool:
        return call.request.bucket in {"control", "silver"}

    winners = set()
    with world.handler_time():
        for order in told(
            "two names", world, lambda: [partial(world.handle, file) for file in files], decisive
        ):
            index, _ = world.peek("a")
            assert index is not None
            [won] = index.accepted["users"]
            winners.add(won)
            assert list(world.contents("silver")) == [f"users/batch_id=a/users.{won}.json"], order
            [refused] = world.contents("quarantine")
            assert won not in refused
    assert len(winners) == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_handler_and_reconciler_take_over_a_pending_claim_in_every_order(engine: Engine) -> None:
    world = World(engine)
    world.upload_batch("a")
    world.room(0)
    world.deliver()
    world.upload("b/users.json", body("users"))
    last = world.written("bronze")[2][1]
    world.room(5)

    def decisive(call: Call) -> bool:
        return "claim" in call.request.key or call.request.operation in STARTS

    with world.handler_time():
        for order in told(
            "handler and reconciler",
            world,
            lambda: [
                lambda: world.handle(last),
                lambda: world.reconcile(look_at_bronze=False),
            ],
            decisive,
        ):
            assert len(world.runs) == 1, order


@pytest.mark.parametrize("engine", ENGINES)
def test_two_reconcilers_take_over_a_stale_claim_in_every_order(engine: Engine) -> None:
    world = World(engine)
    world.upload_batch("a")
    world.cloud.hook = lambda call: "dies" if call.request.operation in STARTS else None
    world.deliver(tries=1)
    world.cloud.hook = None
    world.cloud.sleep(600)

    def decisive(call: Call) -> bool:
        return "revisions" in call.request.key or call.request.service in ("glue", "lambda")

    for order in told(
        "two reconcilers",
        world,
        lambda: [lambda: world.reconcile(look_at_bronze=False)] * 2,
        decisive,
    ):
        assert len(world.runs) == 1, order


def publishing(call: Call) -> bool:
    """Calls by which two runs can meet: fence, pointer and partition."""
    return (
        call.request.key.endswith("published.json")
        or "/attempt-" in call.request.key
        or call.request.operation in ("CreatePartition", "BatchUpdatePartition")
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_two_runs_of_one_attempt_publish_once_in_every_order(engine: Engine) -> None:
    world = World(engine)
    world.upload_batch("a")
    world.deliver()
    run = world.runs[0]
    world.twin(run)
    for order in told(
        "two runs of one attempt",
        world,
        lambda: [partial(finish, world, run) for run in world.runs],
        publishing,
    ):
        pointer = world.peek("a")[1]
        assert pointer is not None
        assert len(pointer.history) == 1, order
        assert world.is_published("a"), order
        assert {key.split("/")[2] for key in world.contents("gold")} == {f"run_id={pointer.run_id}"}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("already", [False, True])
def test_an_older_and_a_newer_revision_publish_in_every_order(
    engine: Engine, already: bool
) -> None:
    """Whoever is last, readers end with the newer one, and the catalog agrees with the pointer."""
    world = World(engine)
    world.upload_batch("a")
    world.deliver()
    if already:
        world.run_jobs()
        world.upload("a/orders.json", body("orders", 7))
        world.deliver()
    world.upload("a/users.json", body("users", 2))
    world.deliver()

    def processes() -> list[Process]:
        live = [run for run in world.runs if run["JobRunState"] == "STARTING"]
        assert len(live) == 2
        return [partial(finish, world, run) for run in live]

    played = 0
    for order in told("an older and a newer revision", world, processes, publishing):
        assert body("users", 2) in (world.readers_see("a") or []), order
        assert world.is_published("a"), order
        played += 1
    assert played >= 20


@pytest.mark.parametrize("engine", ENGINES)
def test_a_zombie_of_an_earlier_attempt_and_its_successor_publish_once_in_every_order(
    engine: Engine,
) -> None:
    world = World(engine)
    world.upload_batch("a")
    world.deliver()
    zombie = world.runs[0]
    world.lose(zombie)
    world.reconcile(look_at_bronze=False)
    assert len(world.runs) == 2
    revision = zombie["Arguments"]["--REVISION"]

    def zombie_publishes() -> None:
        store, run_id = world.store(), zombie["Id"]
        stored = ledger_claims.read(store, "a", revision)
        assert stored is not None
        claim = replace(stored.record, attempt=1)
        tables = {name: keys.gold_run(name, "a", run_id) for name in TABLES}
        for prefix in tables.values():
            world.cloud.s3.put("gold", f"{prefix}part-0.parquet", b"zombie")
        rows = dict.fromkeys(tables, 1)
        publication.publish(store, claim, run_id, tables, rows, world.cloud.now)
        catalog.flip(store, world.catalog(), "a")

    def successor() -> None:
        run = world.runs[1]
        world.finish(run, world.job(run))

    for order in told(
        "a zombie and its successor", world, lambda: [zombie_publishes, successor], publishing
    ):
        pointer = world.peek("a")[1]
        assert pointer is not None
        assert len(pointer.history) == 1, order
        assert world.follows("a", pointer), order
