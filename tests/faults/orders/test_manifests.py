"""A manifest that stood in bronze before the last file makes one run, whenever its event comes."""

from __future__ import annotations

from functools import partial

import pytest

from lakegate.ledger.records import Engine
from tests.fakes.cloud import Call
from tests.fakes.s3 import Version
from tests.faults.orders.test_races import claims, told
from tests.faults.world import ENGINES, World, body

PARTS = ("events-0001.json", "events-0002.json")
NAMES = ("users.json", "orders.json", *PARTS)


def uploaded(world: World) -> tuple[Version, list[Version]]:
    """The manifest, which was first, and the files that it lists."""
    manifest = world.upload_manifest("a", *NAMES)
    return manifest, [
        world.upload(f"a/{name}", body(name.partition(".")[0].partition("-")[0], number))
        for number, name in enumerate(NAMES)
    ]


def of_all_files(world: World) -> bool:
    """Whether there is one claim, one run, and each file is an input of it."""
    index, _ = world.peek("a")
    assert index is not None
    assert len(index.files) == len(NAMES)
    return len(world.runs) == len(claims(world)) == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("place", range(len(NAMES) + 1))
def test_a_manifest_that_was_first_in_bronze_makes_one_run(engine: Engine, place: int) -> None:
    world = World(engine)
    manifest, files = uploaded(world)
    for version in (*files[:place], manifest, *files[place:]):
        world.notify(version)
    assert of_all_files(world)


def test_a_manifest_and_the_last_files_in_every_order() -> None:
    """The file that completes the datasets, the one that completes the list, and the list."""
    world = World()
    manifest, files = uploaded(world)
    world.notify(*files[:2])
    late = (manifest, *files[2:])

    def decisive(call: Call) -> bool:
        asked = call.request.bucket == "bronze" and call.request.key.endswith("_manifest.json")
        return asked or call.request.bucket == "control" or call.request.service == "glue"

    played = 0
    with world.handler_time():
        for order in told(
            "manifest", world, lambda: [partial(world.handle, one) for one in late], decisive
        ):
            assert of_all_files(world), order
            played += 1
    assert played > len(late)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_manifest_whose_event_is_lost_is_found_before_the_first_run(engine: Engine) -> None:
    world = World(engine)
    _, files = uploaded(world)
    world.notify(*files)
    world.reconcile(look_at_bronze=False)
    assert world.runs == []
    world.reconcile()
    assert of_all_files(world)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"version": 1, "files": ["a/b.json"]}', b"{" * 9]
)
def test_a_manifest_that_cannot_be_used_holds_nothing_up(content: bytes) -> None:
    world = World()
    world.upload("a/_manifest.json", content)
    world.upload_batch("a")
    world.notify(*world.queue[1:])
    assert len(world.runs) == 1
