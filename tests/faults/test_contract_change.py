"""What docs/contract.md says of a contract that changes while batches are in flight."""

from __future__ import annotations

from dataclasses import replace

from lakegate.contract import Column, Dataset
from tests.faults.world import World

REVIEWS = Dataset(
    columns=(Column("review_id", "string", required=True),), primary_key=("review_id",)
)


def with_reviews_required(world: World) -> None:
    rules = world.contract
    world.contract = replace(
        rules,
        datasets={**rules.datasets, "reviews": REVIEWS},
        gate=replace(rules.gate, required=(*rules.gate.required, "reviews")),
    )


def without_orders(world: World) -> None:
    rules = world.contract
    datasets = {name: dataset for name, dataset in rules.datasets.items() if name != "orders"}
    tables = {
        name: replace(table, reads=("users", "events")) for name, table in rules.gold_tables.items()
    }
    world.contract = replace(
        rules,
        datasets=datasets,
        gold_tables=tables,
        gate=replace(rules.gate, required=("users", "events")),
    )


def published(world: World, batch: str) -> str | None:
    pointer = world.peek(batch)[1]
    return pointer.revision if pointer else None


def test_a_change_runs_nothing_by_itself() -> None:
    world = World()
    world.upload_batch("b")
    world.settle()
    before = published(world, "b")
    rules = world.contract
    users = replace(rules.datasets["users"], columns=rules.datasets["users"].columns[:-1])
    world.contract = replace(rules, datasets={**rules.datasets, "users": users})
    world.settle()
    assert (published(world, "b"), len(world.runs)) == (before, 1)


def test_a_dataset_that_becomes_required_keeps_batches_waiting_and_readers_as_they_are() -> None:
    world = World()
    world.upload_batch("old")
    world.settle()
    world.upload_batch("new")
    with_reviews_required(world)
    world.settle()
    first = published(world, "old")
    assert (first is not None, published(world, "new")) == (True, None)
    for batch in ("old", "new"):
        world.upload(f"{batch}/reviews.json", b'{"review_id": "r1"}\n')
    world.settle()
    assert published(world, "new") is not None
    assert published(world, "old") not in {None, first}


def test_a_dataset_that_is_gone_is_waited_for_no_more_and_its_files_are_refused() -> None:
    world = World()
    for dataset in ("users", "events"):
        world.upload(f"b/{dataset}.json", b'{"user_id": 1, "event_id": "e", "event_type": "search",'
                     b' "signed_up_at": "2026-01-01T00:00:00Z",'
                     b' "occurred_at": "2026-01-01T00:00:00Z"}\n')  # fmt: skip
    world.settle()
    assert published(world, "b") is None
    without_orders(world)
    world.settle()
    first = published(world, "b")
    assert first is not None
    world.upload("b/orders.json", b"{}\n")
    world.settle()
    assert published(world, "b") == first
    assert len(world.contents("quarantine", "files/")) == 1


def test_a_run_that_is_under_way_ends_as_it_began() -> None:
    world = World()
    world.upload_batch("b")
    world.deliver()
    [run] = world.runs
    stages = world.job(run)
    while next(stages) != "fenced":
        pass
    without_orders(world)
    world.finish(run, stages)
    world.settle()
    assert published(world, "b") is not None
    assert len(world.runs) == 1
