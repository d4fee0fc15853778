"""What docs/contract.md says of a contract that changes while batches are in flight."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lakegate.aws.errors import OperationRefusedError
from lakegate.ledger import operations
from lakegate.ledger.records import Engine
from tests.faults.contracts import REVIEW, with_reviews_landed, with_reviews_required
from tests.faults.world import DATABASE, ENGINES, TABLES, World, body


def replay(world: World, batch: str) -> operations.Replayed:
    audit = operations.audit("replay", "me", "read now", world.cloud.now)
    return operations.replay(world.store(), batch, world.contract, audit, engines=ENGINES)


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


def test_a_table_that_is_gone_leaves_the_catalog_and_its_files_stay() -> None:
    world = World()
    world.upload_batch("b")
    world.settle()
    gone, before = TABLES[1], world.contents("gold", f"{TABLES[1]}/")
    rules = world.contract
    tables = {name: table for name, table in rules.gold_tables.items() if name != gone}
    world.contract = replace(rules, gold_tables=tables)
    del world.cloud.glue.tables[DATABASE, gone], world.cloud.glue.partitions[DATABASE, gone, "b"]
    world.upload("b/users.json", body("users", 2))
    world.settle()
    pointer = world.peek("b")[1]
    assert pointer is not None
    assert [*pointer.tables] == [TABLES[0]]
    assert world.contents("gold", f"{gone}/") == before != {}
    audit = operations.audit("rollback", "me", "as it was", world.cloud.now)
    rolled = operations.rollback(world.store(), world.catalog(), "b", audit, timedelta(hours=24))
    assert {*rolled.pointer.tables} == {*TABLES}
    world.settle()
    assert len(world.readers_see("b") or []) == 3


def test_a_rollback_over_a_change_shows_the_columns_of_now() -> None:
    world = World()
    world.upload_batch("b")
    world.settle()
    table = world.cloud.glue.tables[DATABASE, TABLES[0]]
    columns = [{"Name": "renamed", "Type": "int"}]
    table["StorageDescriptor"] = {**table["StorageDescriptor"], "Columns": columns}

    def shown() -> list[dict[str, str]]:
        partition = world.cloud.glue.partitions[DATABASE, TABLES[0], "b"]
        found: list[dict[str, str]] = partition["StorageDescriptor"]["Columns"]
        return found

    world.settle()
    assert shown() == []
    world.upload("b/users.json", body("users", 2))
    world.settle()
    audit = operations.audit("rollback", "me", "as it was", world.cloud.now)
    operations.rollback(world.store(), world.catalog(), "b", audit, timedelta(hours=24))
    assert shown() == columns


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


@pytest.mark.parametrize("engine", ENGINES)
def test_a_replay_takes_files_that_landed_before_their_dataset_was_read(engine: Engine) -> None:
    world = World(engine)
    with_reviews_landed(world)
    for batch in ("one", "other"):
        world.upload_batch(batch)
        world.upload(f"{batch}/reviews.json", REVIEW)
    world.settle()
    before = {batch: published(world, batch) for batch in ("one", "other")}
    silver = world.contents("silver")
    with_reviews_required(world)
    world.settle()
    assert {batch: published(world, batch) for batch in ("one", "other")} == before
    assert len(world.runs) == 2
    done = replay(world, "one")
    assert (done.taken, done.claim.audit[-1].reason) == (("reviews",), "read now")
    assert replay(world, "one").already
    world.settle()
    assert REVIEW in (world.readers_see("one") or [])
    assert published(world, "other") == before["other"]
    assert (len(world.runs), world.contents("silver")) == (3, silver)


def test_a_replay_takes_what_had_landed_into_a_batch_that_still_waits() -> None:
    world = World()
    with_reviews_landed(world)
    for name, line in (("reviews", REVIEW), ("users", b'{"user_id": 1, "signed_up_at": null}\n')):
        world.upload(f"b/{name}.json", line)
    world.settle()
    with_reviews_required(world)
    with pytest.raises(OperationRefusedError, match=r"missing; reviews, which had landed, is"):
        replay(world, "b")
    world.upload_batch("b")
    world.settle()
    assert REVIEW in (world.readers_see("b") or [])


def test_an_older_version_that_is_told_of_late_does_not_count_for_a_newer_one_that_landed() -> None:
    world = World()
    with_reviews_landed(world)
    world.upload_batch("b")
    older = world.upload("b/reviews.json", b'{"review_id": "older"}\n')
    world.queue.remove(older)
    world.upload("b/reviews.json", REVIEW)
    world.deliver()
    with_reviews_required(world)
    world.notify(older)
    replay(world, "b")
    world.settle()
    assert REVIEW in (world.readers_see("b") or [])
