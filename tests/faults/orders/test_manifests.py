"""A manifest that stood in bronze before the last file makes one run, whenever its event comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from lakegate.ledger.records import Claim, Engine
from lakegate.reconcile import state
from tests.fakes.cloud import Call
from tests.fakes.s3 import Version
from tests.fakes.wire import Reply, Request
from tests.faults.orders.test_races import claims, told
from tests.faults.world import ENGINES, World, body

PARTS = ("events-0001.json", "events-0002.json")
NAMES = ("users.json", "orders.json", *PARTS)
FOLDERS = ("a/", "")


def listing(*names: str) -> bytes:
    return json.dumps({"version": 1, "files": names}).encode()


def uploaded(
    world: World, folder: str = "a/", *manifests: bytes
) -> tuple[list[Version], list[Version]]:
    """The versions of the manifest, which was first, and the files that the last one lists."""
    return [
        world.upload(f"{folder}_manifest.json", content)
        for content in manifests or (listing(*NAMES),)
    ], [
        world.upload(f"{folder}{name}", body(name.partition(".")[0].partition("-")[0], number))
        for number, name in enumerate(NAMES)
    ]


def of_all_files(world: World) -> bool:
    """Whether there is one run of one claim, and each file is an input of it."""
    if not len(world.runs) == len(claims(world)) == 1:
        return False
    stored = world.store().read(Claim, claims(world)[0])
    assert stored is not None
    return {f"{item.stem}.json" for item in stored.record.inputs} == set(NAMES)


def of_manifest(request: Request) -> bool:
    return request.bucket == "bronze" and request.key.endswith("_manifest.json")


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("place", range(len(NAMES) + 1))
def test_a_manifest_that_was_first_in_bronze_makes_one_run(
    engine: Engine, place: int, folder: str
) -> None:
    world = World(engine)
    manifests, files = uploaded(world, folder)
    for version in (*files[:place], *manifests, *files[place:]):
        world.notify(version)
    assert of_all_files(world)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("place", range(len(NAMES) + 1))
def test_of_two_manifests_that_were_first_the_newer_one_makes_one_run(
    place: int, turned: bool
) -> None:
    world = World()
    manifests, files = uploaded(world, "a/", listing(*NAMES[:3]), listing(*NAMES))
    older, newer = reversed(manifests) if turned else manifests
    for version in (older, *files[:place], newer, *files[place:]):
        world.notify(version)
    assert of_all_files(world)


def test_a_manifest_and_the_last_files_in_every_order() -> None:
    """The file that completes the datasets, the one that completes the list, and the list."""
    world = World()
    manifests, files = uploaded(world)
    world.notify(*files[:2])
    late = (*manifests, *files[2:])

    def decisive(call: Call) -> bool:
        return of_manifest(call.request) or call.request.bucket == "control"

    played = 0
    with world.handler_time():
        for order in told(
            "manifest", world, lambda: [partial(world.handle, one) for one in late], decisive
        ):
            assert of_all_files(world), order
            played += 1
    assert played > len(late)


def out_of_time(world: World) -> None:
    """The half of a call that is for bronze is over once bronze has been listed."""
    world.reconcile_with(
        lambda: 60_000 if "ListObjectVersions" in world.cloud.operations() else 150_000
    )


def behind_it(world: World) -> None:
    """An earlier call came further than this batch, and this one goes on there."""
    world.store().put(state.KEY, state.State(bronze_cursor="b/users.json"), None)
    world.reconcile()


def in_vain(world: World) -> None:
    """S3 cannot list bronze now."""
    listed = "ListObjectVersions"
    world.cloud.hook = lambda call: "5xx" if call.request.operation == listed else None
    assert world.fails(world.reconcile)
    world.cloud.hook = None


def woken(world: World) -> None:
    """The end of a run woke it, so that it does not list bronze."""
    world.reconcile(look_at_bronze=False)


@pytest.mark.parametrize("looks", [out_of_time, behind_it, in_vain, woken])
def test_a_reconciler_that_has_not_seen_the_manifest_leaves_the_batch_to_it(
    looks: Callable[[World], None],
) -> None:
    world = World()
    manifests, files = uploaded(world)
    world.notify(*files[:3])
    looks(world)
    assert world.runs == []
    world.notify(files[3], *manifests)
    assert of_all_files(world)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_manifest_whose_event_is_lost_is_found_before_the_first_run(
    engine: Engine, folder: str
) -> None:
    world = World(engine)
    _, files = uploaded(world, folder)
    world.notify(*files[:3])
    assert world.runs == []
    world.reconcile()
    assert of_all_files(world)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", listing("a/b.json"), b"{" * 9, listing(*NAMES) + b" " * 2**20],
    ids=["empty", "array", "name", "depth", "length"],
)
def test_a_manifest_that_cannot_be_used_holds_nothing_up(content: bytes) -> None:
    world = World()
    world.upload("a/_manifest.json", content)
    world.upload_batch("a")
    world.notify(*world.queue[1:])
    assert len(world.runs) == 1


OWN_KEY = "stored using a form of Server Side Encryption"
ANSWERS = {
    "key of the producer": (400, "InvalidRequest", OWN_KEY, False),
    "archived": (403, "InvalidObjectState", "", False),
    "deleted": (405, "MethodNotAllowed", "", False),
    "forbidden": (403, "AccessDenied", "", True),
    "key of KMS disabled": (400, "KMS.DisabledException", "", True),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_manifest_that_cannot_be_read_holds_nothing_up_for_long(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the producer did is no trouble; what AWS refuses is, and the reconciler goes on."""
    status, code, message, trouble = ANSWERS[answer]
    refusal = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
    world = World()
    world.upload("a/_manifest.json", listing("users.json", "events.json", "orders.json"))
    world.upload_batch("a")
    _, *files, last = world.queue
    get = world.cloud.s3._getobject
    monkeypatch.setattr(
        world.cloud.s3,
        "_getobject",
        lambda request: Reply(status, refusal) if of_manifest(request) else get(request),
    )
    world.notify(*files)
    assert world.fails(lambda: world.notify(last)) == trouble
    assert len(world.runs) == (0 if trouble else 1)
    world.cloud.sleep(world.contract.gate.claim_stale_seconds)
    world.fails(world.reconcile)
    assert len(world.runs) == 1


def test_a_manifest_that_was_refused_and_could_be_used_now_holds_nothing_up_for_long() -> None:
    """An earlier contract let fewer files be listed."""
    world = World()
    manifests, files = uploaded(world)
    wide = world.contract
    world.contract = replace(wide, limits=replace(wide.limits, max_files_per_batch=2))
    world.notify(*manifests)
    world.contract = wide
    world.notify(*files)
    assert world.runs == []
    world.cloud.sleep(wide.gate.claim_stale_seconds)
    world.reconcile(look_at_bronze=False)
    assert of_all_files(world)
