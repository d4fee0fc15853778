"""When a batch is complete, and what one look at the gate does."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lakegate.ledger import arrivals, claims, gate, keys
from lakegate.ledger.gate import decide
from lakegate.ledger.records import Arrival, Arrivals, Claim, Force, Manifest
from tests.fakes.cloud import Fault
from tests.faults.world import JOB, World, body

REQUIRED = ("users", "events", "orders")


def arrival(stem: str, version: str = "v1") -> Arrival:
    return Arrival(f"a/{stem}.json", version, 1, "", f"2026-11-22T12:00:0{version[1:]}Z", version)


def index(*stems: str, manifest: tuple[str, ...] | None = None, generation: int = 7) -> Arrivals:
    listed = manifest and Manifest("a/_manifest.json", "m1", manifest, "", "")
    files = {stem: arrival(stem) for stem in stems}
    return Arrivals("a", generation, "", files, {}, listed or None)


def force(*without: str) -> Force:
    return Force(without, "why", "me", "")


@pytest.mark.parametrize(
    ("present", "manifest", "without", "missing"),
    [
        ((), None, (), REQUIRED),
        (("users",), None, (), ("events", "orders")),
        (REQUIRED, None, (), ()),
        (("users", "events-0001", "orders"), None, (), ()),
        (REQUIRED, ("users", "orders", "events-0001"), (), ("events-0001",)),
        (("users", "orders", "events-0002"), ("users", "orders", "events-0002"), (), ()),
        (("users", "events"), ("users", "events"), (), ("orders",)),
        (("users", "events"), None, ("orders",), ()),
        (("users", "orders"), ("users", "orders", "events-0001"), ("events",), ()),
        (("users", "orders"), ("users", "orders", "events-0001"), ("events-0001",), ("events",)),
        ((), None, ("users",), ("events", "orders")),
        ((), None, REQUIRED, REQUIRED),
    ],
)
def test_missing_is_named(
    present: tuple[str, ...],
    manifest: tuple[str, ...] | None,
    without: tuple[str, ...],
    missing: tuple[str, ...],
) -> None:
    decision = decide(REQUIRED, index(*present, manifest=manifest), force(*without))
    assert decision.missing == missing
    assert decision.complete is (missing == ())


def test_a_manifest_keeps_other_files_out_of_the_revision() -> None:
    listed = ("users", "orders", "events-0001")
    decision = decide(REQUIRED, index(*listed, "events-0002", manifest=listed))
    assert [item.stem for item in decision.inputs] == sorted(listed)


def test_landed_files_are_waited_for_by_a_manifest_and_make_no_part_of_the_revision() -> None:
    listed = (*REQUIRED, "products")
    waiting = index(*REQUIRED, manifest=listed)
    assert decide(REQUIRED, waiting).missing == ("products",)
    landed = dataclasses.replace(waiting, landed={"products": arrival("products")})
    assert decide(REQUIRED, landed).complete
    assert decide(REQUIRED, landed).revision == decide(REQUIRED, index(*REQUIRED)).revision


def test_a_revision_is_its_files_and_versions() -> None:
    one = decide(REQUIRED, index(*REQUIRED))
    assert one.revision == decide(REQUIRED, index(*reversed(REQUIRED), generation=9)).revision
    other = index(*REQUIRED)
    other.files["users"] = arrival("users", "v2")
    assert decide(REQUIRED, other).revision != one.revision
    assert one.order == 7


def test_inputs_name_silver_and_bronze() -> None:
    item = decide(REQUIRED, index("users", "events-0001", "orders")).inputs[0]
    short = keys.short_version("v1")
    assert item.silver_key == f"events/batch_id=a/events-0001.{short}.json"
    assert (item.bronze_key, item.bronze_version) == ("a/events-0001.json", "v1")


@pytest.fixture
def world() -> World:
    world = World()
    for dataset in REQUIRED:
        file = keys.FileName("a", dataset)
        arrivals.record(world.store(), file, arrival(dataset))
    world.cloud.calls.clear()
    return world


def advance(world: World) -> gate.GateOutcome:
    return world.gate().advance("a", world.cloud.now)


def claim(world: World) -> Claim:
    key = next(key for key in world.contents("control") if key.endswith("/claim.json"))
    stored = world.store().read(Claim, key)
    assert stored is not None
    return stored.record


def fail(world: World, fault: Fault, operation: str = "StartJobRun") -> None:
    world.cloud.hook = lambda call: fault if call.request.operation == operation else None


def arguments(world: World) -> list[dict[str, Any]]:
    return [run["Arguments"] for run in world.cloud.glue.runs]


def test_a_complete_batch_is_claimed_started_and_recorded(world: World) -> None:
    outcome = advance(world)
    assert outcome.state == "started"
    asked = ["GetObject", "GetObject"]  # the index, and for a manifest
    assert world.cloud.operations() == [*asked, "PutObject", "StartJobRun", "PutObject"]
    assert world.cloud.calls[2].request.headers["if-none-match"] == "*"
    assert arguments(world) == [
        {"--BATCH_ID": "a", "--REVISION": outcome.revision, "--ATTEMPT": "1"}
    ]
    run = world.contents("control", f"batches/a/revisions/{outcome.revision}/run")
    assert json.loads(next(iter(run.values())))["run_id"] == "jr_000001"


def test_the_second_who_looks_starts_nothing(world: World) -> None:
    advance(world)
    assert advance(world).state == "claimed"
    assert len(world.cloud.glue.runs) == 1


def test_an_incomplete_batch_costs_one_read_and_names_what_is_missing() -> None:
    world = World()
    world.notify(world.upload("a/users.json", body("users")))
    world.cloud.calls.clear()
    assert advance(world).missing == ("events", "orders")
    assert world.cloud.operations() == ["GetObject"]
    assert world.gate().advance("b", world.cloud.now).missing == REQUIRED


def test_no_room_in_glue_leaves_the_claim_pending_for_anyone(world: World) -> None:
    world.cloud.glue.max_concurrent = 0
    assert advance(world).state == "pending"
    assert claim(world).state == "pending"
    world.cloud.glue.max_concurrent = 1
    assert advance(world).state == "started"
    assert claim(world).attempt == 1
    assert len(world.cloud.glue.runs) == 1


@pytest.mark.parametrize("fault", ["lost", "5xx-lost"])
def test_a_lost_answer_is_found_in_get_job_runs(world: World, fault: Fault) -> None:
    fail(world, fault)
    assert advance(world).state == "started"
    assert len(world.cloud.glue.runs) == 1
    assert any(key.endswith("/run.json") for key in world.contents("control"))


def test_another_attempts_run_is_not_taken_for_the_lost_one(world: World) -> None:
    other = {"--BATCH_ID": "a", "--REVISION": "other", "--ATTEMPT": "1"}
    world.cloud.client("glue").start_job_run(JobName=JOB, Arguments=other)
    fail(world, "before")
    assert advance(world).state == "unknown"


@pytest.mark.parametrize("fault", ["before", "timeout", "5xx"])
def test_a_start_that_nobody_can_tell_of_is_left_to_the_reconciler(
    world: World, fault: Fault
) -> None:
    fail(world, fault)
    assert advance(world).state == "unknown"
    assert claim(world).state == "starting"
    world.cloud.hook = None
    assert advance(world).state == "claimed"
    assert world.cloud.glue.runs == []


def test_access_denied_propagates_and_frees_the_claim_for_the_retry(world: World) -> None:
    fail(world, "denied")
    with pytest.raises(ClientError, match="AccessDenied"):
        advance(world)
    assert claim(world).state == "pending"
    world.cloud.hook = None
    assert advance(world).state == "started"


def test_taking_over_a_pending_claim_names_its_version(world: World) -> None:
    world.cloud.glue.max_concurrent = 0
    advance(world)
    stored = claims.read(world.store(), "a", claim(world).revision)
    world.cloud.glue.max_concurrent = 1
    world.cloud.calls.clear()
    advance(world)
    puts = [call.request for call in world.cloud.calls if call.request.operation == "PutObject"]
    assert stored is not None
    assert puts[1].headers["if-match"] == stored.etag
