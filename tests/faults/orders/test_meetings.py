"""Parts that meet at one batch, in every order of their calls, end as if they had not met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from lakegate.ledger import claims, operations
from lakegate.ledger.engines.heartbeat import SILENT_SECONDS
from lakegate.ledger.records import Engine
from tests.fakes.cloud import Call
from tests.faults.orders.interleaving import Process, every_order
from tests.faults.world import ENGINES, World, body

USER_AS_CSV = b"user_id,signed_up_at\n71,2026-01-01T00:00:00Z\n"


def in_ledger(call: Call) -> bool:
    return call.request.bucket == "control" or call.request.service in ("glue", "lambda")


def at_the_claim(call: Call) -> bool:
    return "/revisions/" in call.request.key or call.request.service in ("glue", "lambda")


def met(
    world: World, matters: Callable[[Call], bool], *processes: Process
) -> Iterator[tuple[int, ...]]:
    with world.handler_time():
        yield from every_order(world.cloud, lambda: processes, matters, few=12)


def settle(world: World) -> None:
    """All comes to its end, and nothing changes a day later."""
    world.queue.clear()
    world.settle()
    before = world.outcome()
    world.cloud.sleep(25 * 3600)
    world.settle()
    assert world.outcome() == before


def work(world: World, number: int = 0) -> None:
    """The run with that number, from its start to its end."""
    run = world.runs[number]
    world.finish(run, world.job(run))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("first", [0, 1])
def test_two_names_of_one_part_never_both_count(first: int, engine: Engine) -> None:
    world = World(engine)
    for dataset in ("events", "orders"):
        world.upload(f"n/{dataset}.json", body(dataset, 71))
    world.deliver()
    plain = world.upload("n/users.json", body("users", 72))
    table = world.upload("n/users.csv", USER_AS_CSV)
    ends = set()
    names = partial(world.handle, plain), partial(world.handle, table)
    for order in met(world, in_ledger, names[first], names[not first]):
        settle(world)
        index, _ = world.peek("n")
        assert index is not None
        refused = world.contents("quarantine", "files/n/")
        records = [key for key in refused if key.endswith(".json")]
        assert len(records) == 1, order
        assert b"name_taken" in refused[records[0]], order
        (seen,) = [row for row in world.readers_see("n") or [] if b"signed_up_at" in row]
        is_table = index.files["users"].key == "n/users.csv"
        assert (b"71" in seen) is is_table, order
        ends.add(is_table)
    assert bool(first) in ends


def test_a_run_that_gives_up_late_and_two_reconcilers_make_one_next_attempt() -> None:
    """DuckDB is silent for too long, is taken for dead, and then reports that it was too small."""
    world = World("auto")
    world.upload_batch("e", 81)
    world.deliver()
    (run,) = world.cloud.functions.runs
    stages = world.job(run)
    while next(stages) != "wrote 1":
        pass
    world.cloud.sleep(SILENT_SECONDS + 1)
    run_id = f"dk_{run['Id']}_1"
    looks = partial(world.reconcile, look_at_bronze=False)
    gives_up = partial(world.report, run, run_id, "FAILED", "out_of_memory")
    for order in met(world, at_the_claim, gives_up, looks, looks):
        attempts = [item["Arguments"]["--ATTEMPT"] for item in world.runs]
        assert sorted(attempts) in (["1"], ["1", "2"]), order
        run["JobRunState"] = "FAILED"
        settle(world)
        pointer = world.peek("e")[1]
        assert pointer is not None
        assert [move.action for move in pointer.history] == ["publish"], order
        assert len(world.runs) == 2, order
        assert body("users", 81) in (world.readers_see("e") or []), order
        assert len(world.cloud.glue.runs) == 1, order  # silence counts as too small, too


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rebuild_and_an_upload_end_with_the_upload(engine: Engine) -> None:
    world = World(engine)
    world.upload_batch("r", 91)
    world.upload("r/users.json", body("users", 92))
    world.settle()
    for bucket in ("silver", "control", "gold"):
        world.cloud.s3.buckets[bucket].clear()
    world.cloud.glue.partitions.clear()
    newest = world.upload("r/users.json", body("users", 93))
    other = world.upload("r/orders.json", body("orders", 94))
    uploads = partial(world.handle, newest), partial(world.handle, other)
    for order in met(world, in_ledger, world.reconcile, *uploads):
        settle(world)
        seen = world.readers_see("r") or []
        assert sorted(seen) == sorted([body("events", 91), body("users", 93), body("orders", 94)])
        assert world.is_published("r"), order


@pytest.mark.parametrize("meets", ["job", "reconciler"])
@pytest.mark.parametrize(("engine", "other"), [("spark", "duckdb"), ("duckdb", "spark")])
def test_a_replay_by_the_other_engine_is_what_readers_see_in_the_end(
    engine: Engine, other: Engine, meets: str
) -> None:
    world = World(engine)
    world.upload_batch("p", 95)
    world.deliver()
    asked = operations.audit("replay", "me", "with the other", world.cloud.now)

    def replay() -> None:
        operations.replay(world.store(), "p", world.contract, asked, engine=other, engines=ENGINES)

    looks = partial(world.reconcile, look_at_bronze=False)
    process = partial(work, world) if meets == "job" else looks
    for order in met(world, in_ledger, replay, process):
        settle(world)
        pointer = world.peek("p")[1]
        assert pointer is not None
        stored = claims.read(world.store(), "p", pointer.revision)
        assert stored is not None
        assert stored.record.engine == other, order
        assert pointer.run_id.startswith("dk_" if other == "duckdb" else "jr_"), order
        assert len(world.runs) == 2, order
        assert body("users", 95) in (world.readers_see("p") or []), order
