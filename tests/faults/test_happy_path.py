"""Nothing goes wrong: what the other tests compare with, and what it costs."""

from __future__ import annotations

from collections import Counter

import pytest

from lakegate.ledger.records import Engine
from tests.faults.world import ENGINES, STARTS, World, body

READS = ("GetObject", "HeadObject")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_complete_batch_is_started_once_and_published_once(engine: Engine) -> None:
    world = World(engine)
    world.upload_batch("a")
    world.deliver()
    assert [run["Arguments"]["--BATCH_ID"] for run in world.runs] == ["a"]
    world.run_jobs()
    assert world.readers_see("a") == sorted(body(name) for name in ("users", "events", "orders"))
    assert world.is_published("a")


@pytest.mark.parametrize("engine", ENGINES)
def test_an_accepted_file_costs_at_most_seven_requests_and_no_listing(engine: Engine) -> None:
    world = World(engine)
    for dataset in ("users", "events", "orders"):
        line = body(dataset)
        world.upload(f"a/{dataset}.json", line * (200_000 // len(line)))
    for version in list(world.queue[:2]):
        before = len(world.cloud.calls)
        world.notify(version)
        assert world.cloud.operations()[before:] == [
            "GetObject",
            "GetObject",
            "GetObject",
            "CopyObject",
            "PutObject",
        ]
    before = len(world.cloud.calls)
    world.notify(world.queue[2])
    last = world.cloud.operations()[before:]
    assert last[5:] == ["GetObject", "PutObject", STARTS[engine == "duckdb"], "PutObject"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_batch_at_rest_costs_the_reconciler_no_request_of_its_own(engine: Engine) -> None:
    world = World(engine)
    for number in range(5):
        world.upload_batch(f"b{number}")
    world.deliver()
    world.run_jobs()
    world.reconcile()
    world.reconcile()
    before = len(world.cloud.calls)
    world.reconcile()
    assert Counter(world.cloud.operations()[before:]) == {
        "GetObject": 1,
        "ListMultipartUploads": 1,
        "ListObjectVersions": 1,
        "ListObjectsV2": 1,
        "PutObject": 1,
    }
