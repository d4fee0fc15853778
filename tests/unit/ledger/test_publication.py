"""Fence, pointer and catalog: one run works, one pointer moves, never backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from lakegate.aws.errors import ContentionError, LedgerError
from lakegate.ledger import catalog, keys, publication
from lakegate.ledger.records import Claim, Published
from tests.fakes.cloud import Call, Fault, ProcessDiedError
from tests.fakes.glue import error as glue_error
from tests.faults.world import DATABASE, TABLES, World

CLAIM = Claim("a", "r1", 4, (), 1, 3, "starting", "me", "2026-11-22T12:00:00Z", "")


@pytest.fixture
def world() -> World:
    world = World()
    world.store().create(keys.claim("a", "r1"), CLAIM)
    world.cloud.calls.clear()
    return world


def fence(world: World, run_id: str, attempt: int = 1) -> bool:
    return bool(publication.fence(world.store(), "a", "r1", attempt, run_id, world.cloud.now))


def publish(world: World, claim: Claim, run_id: str) -> Published:
    tables = {name: keys.gold_run(name, "a", run_id) for name in TABLES}
    rows = {TABLES[0]: 5, TABLES[1]: 2}
    return publication.publish(world.store(), claim, run_id, tables, rows, world.cloud.now)


def revision(name: str, order: int) -> Claim:
    return replace(CLAIM, revision=name, order=order)


def test_the_first_run_of_an_attempt_wins_its_fence(world: World) -> None:
    assert fence(world, "jr_1")
    assert world.cloud.calls[-1].request.headers["if-none-match"] == "*"
    assert not fence(world, "jr_2")


def test_the_same_run_may_ask_its_fence_again(world: World) -> None:
    assert fence(world, "jr_1")
    world.cloud.sleep(60)
    assert fence(world, "jr_1")


def test_a_run_of_a_replaced_attempt_is_shut_out(world: World) -> None:
    stored = world.store().read(Claim, keys.claim("a", "r1"))
    assert stored is not None
    world.store().replace(keys.claim("a", "r1"), replace(CLAIM, attempt=2), stored.etag)
    assert not fence(world, "jr_1", attempt=1)
    assert fence(world, "jr_2", attempt=2)


def test_a_run_of_another_engine_than_the_claim_s_is_shut_out(world: World) -> None:
    names = "a", "r1", 1, "dk_1", world.cloud.now
    assert publication.fence(world.store(), *names, "duckdb") is None
    assert publication.fence(world.store(), *names, "spark") == CLAIM


def test_a_run_without_a_claim_is_shut_out() -> None:
    assert not fence(World(), "jr_1")


def test_the_first_publication_creates_the_pointer(world: World) -> None:
    pointer = publish(world, CLAIM, "jr_1")
    assert (pointer.revision, pointer.order, pointer.high_water) == ("r1", 4, 4)
    assert pointer.tables == {
        "user_activity": "user_activity/batch_id=a/run_id=jr_1/",
        "country_revenue": "country_revenue/batch_id=a/run_id=jr_1/",
    }
    assert pointer.rows == {"user_activity": 5, "country_revenue": 2}
    assert world.cloud.calls[-1].request.headers["if-none-match"] == "*"


def test_a_newer_revision_takes_its_place_by_compare_and_swap(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    pointer = publish(world, revision("r2", 5), "jr_2")
    assert pointer.revision == "r2"
    assert [move.run_id for move in pointer.history] == ["jr_1", "jr_2"]
    assert "if-match" in world.cloud.calls[-1].request.headers


@pytest.mark.parametrize("order", [3, 4])
def test_an_older_revision_that_ends_later_is_refused(world: World, order: int) -> None:
    publish(world, CLAIM, "jr_1")
    assert publish(world, revision("r0", order), "jr_0").run_id == "jr_1"


def test_a_second_run_of_a_published_revision_changes_nothing(world: World) -> None:
    first = publish(world, CLAIM, "jr_1")
    assert publish(world, CLAIM, "jr_2") == first
    assert world.cloud.operations().count("PutObject") == 1


def test_a_replayed_revision_is_published_again(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    assert publish(world, replace(CLAIM, order=5), "jr_2").run_id == "jr_2"


def test_nothing_below_the_high_water_is_published_after_a_rollback(world: World) -> None:
    first = publish(world, CLAIM, "jr_1")
    publish(world, revision("r2", 5), "jr_2")
    stored = publication.read(world.store(), "a")
    assert stored is not None
    back = publication.moved("a", stored.record, replace(first.history[0], action="rollback"), 6)
    world.store().replace(keys.published("a"), back, stored.etag)
    for claim in (CLAIM, revision("r2", 5), revision("r3", 6)):
        assert publish(world, claim, "jr_9").run_id == "jr_1"
    assert publish(world, revision("r4", 7), "jr_9").run_id == "jr_9"


def test_the_high_water_never_falls(world: World) -> None:
    first = replace(publish(world, CLAIM, "jr_1"), high_water=9)
    assert publication.moved("a", first, first.history[0], 3).high_water == 9


def test_a_publication_that_lost_the_swap_looks_again(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    rivals = iter([revision("r2", 9)])

    def rival(call: Call) -> Fault | None:
        if call.request.operation == "PutObject" and (claim := next(rivals, None)):
            publish(world, claim, "jr_2")
        return None

    world.cloud.hook = rival
    assert publish(world, revision("r3", 8), "jr_3").run_id == "jr_2"
    assert publish(world, revision("r4", 10), "jr_4").run_id == "jr_4"


def test_the_history_is_bounded(world: World) -> None:
    for number in range(publication.HISTORY + 5):
        pointer = publish(world, revision(f"r{number}", 10 + number), f"jr_{number}")
    assert len(pointer.history) == publication.HISTORY
    assert pointer.history[-1].revision == pointer.revision


def test_the_partition_is_created_and_then_updated(world: World) -> None:
    assert catalog.flip(world.store(), world.catalog(), "a") is None
    for claim, run_id in ((CLAIM, "jr_1"), (revision("r2", 5), "jr_2")):
        publish(world, claim, run_id)
        places = {name: f"s3://gold/{name}/batch_id=a/run_id={run_id}/" for name in TABLES}
        assert catalog.flip(world.store(), world.catalog(), "a") == places
        assert {name: world.location("a", name) for name in TABLES} == places
    operations = world.cloud.operations()
    assert operations.count("CreatePartition") == 2
    assert operations.count("BatchUpdatePartition") == 2
    assert "UpdatePartition" not in operations


def test_a_partition_that_points_right_is_left_alone(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    catalog.flip(world.store(), world.catalog(), "a")
    before = len(world.cloud.calls)
    catalog.flip(world.store(), world.catalog(), "a")
    assert world.cloud.operations()[before:] == ["GetObject", "GetPartition", "GetPartition"]


def test_a_flip_follows_a_pointer_that_moves_meanwhile(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    rivals: Iterator[Claim] = iter([revision("r2", 5)])

    def rival(call: Call) -> Fault | None:
        if call.request.operation == "CreatePartition" and (claim := next(rivals, None)):
            publish(world, claim, "jr_2")
        return None

    world.cloud.hook = rival
    catalog.flip(world.store(), world.catalog(), "a")
    assert world.location("a") == "s3://gold/user_activity/batch_id=a/run_id=jr_2/"


def test_an_update_that_the_catalog_refuses_is_trouble(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    catalog.flip(world.store(), world.catalog(), "a")
    publish(world, revision("r2", 5), "jr_2")
    world.cloud.glue._batchupdatepartition = lambda params: {  # type: ignore[method-assign]
        "Errors": [{"ErrorDetail": {"ErrorCode": "InternalServiceException"}}]
    }
    with pytest.raises(LedgerError, match="InternalServiceException"):
        catalog.flip(world.store(), world.catalog(), "a")


def test_a_catalog_that_never_takes_on_is_trouble(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    world.cloud.glue._createpartition = lambda params: {}  # type: ignore[method-assign]
    with pytest.raises(ContentionError):
        catalog.flip(world.store(), world.catalog(), "a")


def test_a_busy_catalog_is_asked_again_and_is_no_trouble(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    glue = world.cloud.glue
    create, update, busy = glue._createpartition, glue._batchupdatepartition, [0, 0]

    def creating(params: dict[str, object]) -> object:
        busy[0] += 1
        return glue_error(400, "ConcurrentModificationException") if busy[0] < 3 else create(params)

    def updating(params: dict[str, object]) -> object:
        busy[1] += 1
        detail = {"ErrorCode": "ConcurrentModificationException"}
        return {"Errors": [{"ErrorDetail": detail}]} if busy[1] < 3 else update(params)

    glue._createpartition, glue._batchupdatepartition = creating, updating  # type: ignore[method-assign]
    catalog.flip(world.store(), world.catalog(), "a")
    assert world.follows("a", published(world))
    publish(world, revision("r2", 5), "jr_2")
    catalog.flip(world.store(), world.catalog(), "a")
    assert world.follows("a", published(world))
    assert busy == [4, 4]


def test_a_table_that_a_publication_does_not_have_loses_its_partition(world: World) -> None:
    """A rollback over the release that brought the table, seen by the catalog."""
    pointer = publish(world, CLAIM, "jr_1")
    catalog.flip(world.store(), world.catalog(), "a")
    stored = publication.read(world.store(), "a")
    assert stored is not None
    one = {TABLES[0]: pointer.tables[TABLES[0]]}
    back = publication.moved("a", pointer, replace(pointer.history[0], tables=one), 4)
    world.store().replace(keys.published("a"), back, stored.etag)
    assert set(catalog.flip(world.store(), world.catalog(), "a") or {}) == set(one)
    assert world.location("a", TABLES[1]) is None


def test_tables_of_another_release_are_left_as_they_are(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    only = replace(world.catalog(), tables=TABLES[:1])
    assert set(catalog.flip(world.store(), only, "a") or {}) == {TABLES[0]}
    assert world.location("a", TABLES[1]) is None


def test_a_table_of_the_contract_that_the_catalog_lacks_is_trouble(world: World) -> None:
    publish(world, CLAIM, "jr_1")
    del world.cloud.glue.tables[DATABASE, TABLES[1]]
    with pytest.raises(ClientError, match="EntityNotFound"):
        catalog.flip(world.store(), world.catalog(), "a")


def published(world: World) -> Published:
    stored = publication.read(world.store(), "a")
    assert stored is not None
    return stored.record


def test_a_partition_keeps_the_columns_that_its_files_were_written_with(world: World) -> None:
    """A release adds one column and drops another: what was published before stays readable."""
    publish(world, CLAIM, "jr_1")
    catalog.flip(world.store(), world.catalog(), "a")
    glue = world.cloud.glue
    old, new = [{"Name": "a", "Type": "int"}], [{"Name": "b", "Type": "int"}]
    table = glue.tables[DATABASE, TABLES[0]]
    place = DATABASE, TABLES[0], "a"
    glue.partitions[place]["StorageDescriptor"]["Columns"] = old
    table["StorageDescriptor"] = {**table["StorageDescriptor"], "Columns": new}
    catalog.flip(world.store(), world.catalog(), "a")
    assert glue.partitions[place]["StorageDescriptor"]["Columns"] == old
    publish(world, revision("r2", 5), "jr_2")
    catalog.flip(world.store(), world.catalog(), "a")
    assert glue.partitions[place]["StorageDescriptor"]["Columns"] == new


def test_who_reads_the_pointer_sees_one_run_in_all_tables_while_partitions_move(
    world: World,
) -> None:
    """The flip dies after the first table: partitions differ, the pointer's prefixes never do."""
    publish(world, CLAIM, "jr_1")
    catalog.flip(world.store(), world.catalog(), "a")
    publish(world, revision("r2", 5), "jr_2")
    moved: list[str] = []

    def dies(call: Call) -> Fault | None:
        if call.request.operation == "BatchUpdatePartition":
            moved.append("one")
        return "dies" if len(moved) > 1 else None

    world.cloud.hook = dies
    with pytest.raises(ProcessDiedError):
        catalog.flip(world.store(), world.catalog(), "a")
    world.cloud.hook = None
    assert [f"run_id={run}/" in (world.location("a", table) or "") for run, table in
            zip(("jr_2", "jr_1"), TABLES, strict=True)] == [True, True]  # fmt: skip
    pointer = published(world)
    assert {prefix.split("run_id=")[1] for prefix in pointer.tables.values()} == {"jr_2/"}
    assert pointer.run_id == "jr_2"
