"""Runs of the DuckDB function as a person sees them, though no service lists them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lakegate.aws import codec
from lakegate.cli.reads import explain, facts, snapshot, state
from lakegate.ledger import claims, gate, keys, publication
from lakegate.ledger.engines.heartbeat import SILENT_SECONDS
from lakegate.ledger.records import Arrivals, Claim, Ended, EngineBy, Fence, Heartbeat, Run
from tests.unit.cli.scene import Scene

ALL = ("users", "events", "orders")


@pytest.fixture
def claim(scene: Scene) -> Claim:
    """The claim of a complete batch, held for the function; Spark was never asked."""
    scene.cloud.glue.max_concurrent = 0
    scene.cloud.now = datetime.now(UTC)
    scene.arrive("b", *ALL)
    store = scene.lake.store
    index = store.read(Arrivals, keys.arrivals("b"))
    assert index is not None
    revision = gate.decide(ALL, index.record).revision
    stored = claims.read(store, "b", revision)
    assert stored is not None
    held = replace(stored.record, state="starting", engine="duckdb", engine_by="auto")
    store.replace(keys.claim("b", revision), held, stored.etag)
    return held


def begin(scene: Scene, claim: Claim, ago: float = 0) -> None:
    """The run is fenced, and was heard of so many seconds ago."""
    at = codec.stamp(scene.now - timedelta(seconds=ago))
    place = "b", claim.revision, claim.attempt
    store = scene.lake.store
    store.create(keys.run("b", claim.revision), Run(*place, "request", at, "duckdb"))
    store.create(keys.fence(*place), Fence(*place, "dk_1", at, "duckdb"))
    store.create(keys.heartbeat(*place), Heartbeat(*place, "dk_1", at, at))


def status(scene: Scene) -> state.Status:
    return state.status(facts.collect(scene.lake, "b"), scene.contract, scene.now)


def told(scene: Scene) -> list[str]:
    found = facts.collect(scene.lake, "b")
    return [item.text for item in explain.explain(found, scene.contract, scene.now).steps]


def test_an_event_that_waits_for_its_turn_is_starting(scene: Scene, claim: Claim) -> None:
    at = codec.stamp(scene.now)
    run = Run("b", claim.revision, 1, "request", at, "duckdb")
    scene.lake.store.create(keys.run("b", claim.revision), run)
    found = status(scene)
    assert (found.state, found.engine, found.run_id) == ("starting", "duckdb", None)


def test_a_fenced_run_with_signs_of_life_is_running(scene: Scene, claim: Claim) -> None:
    begin(scene, claim)
    found = status(scene)
    assert (found.state, found.run_id) == ("running", "dk_1")
    assert f"attempt 1 of {claim.revision} on duckdb: run dk_1 RUNNING" in told(scene)
    (ran,) = snapshot.take(scene.lake).runs
    assert (ran.run.run_id, ran.run.engine, ran.batch, ran.attempt) == ("dk_1", "duckdb", "b", "1")


def test_a_silent_run_has_vanished(scene: Scene, claim: Claim) -> None:
    begin(scene, claim, ago=SILENT_SECONDS + 30)
    assert status(scene).state == "retrying"
    assert facts.collect(scene.lake, "b").runs["dk_1"].state == "VANISHED"


def test_the_report_says_how_it_ended_and_how_long_it_took(scene: Scene, claim: Claim) -> None:
    begin(scene, claim)
    report = {"run_id": "dk_1", "state": "FAILED", "error": "no room", "seconds": {"read": 2.4}}
    scene.cloud.s3.put(
        "control-bucket", keys.revision("b", claim.revision, "report"), json.dumps(report).encode()
    )
    found = facts.collect(scene.lake, "b").runs["dk_1"]
    assert (found.state, found.error, found.seconds) == ("FAILED", "no room", 2)


def test_a_run_that_another_attempt_followed_keeps_its_end(scene: Scene, claim: Claim) -> None:
    """The report and the signs of life are of the later run then."""
    begin(scene, claim, ago=SILENT_SECONDS + 30)
    store, later = scene.lake.store, scene.now - timedelta(seconds=SILENT_SECONDS + 23)
    publication.publish(store, claim, "dk_1", {"t": "t/"}, {"t": 1}, later)
    report = {"run_id": "dk_2", "state": "FAILED", "error": "no room", "seconds": {"read": 2.4}}
    scene.cloud.s3.put(
        "control-bucket", keys.revision("b", claim.revision, "report"), json.dumps(report).encode()
    )
    found = facts.collect(scene.lake, "b").runs["dk_1"]
    assert (found.state, found.seconds, found.error) == ("SUCCEEDED", 7, "")


def test_the_claim_says_how_a_run_without_a_report_ended(scene: Scene, claim: Claim) -> None:
    begin(scene, claim, ago=SILENT_SECONDS + 30)
    store = scene.lake.store
    stored = claims.read(store, "b", claim.revision)
    assert stored is not None
    at = codec.stamp(scene.now - timedelta(seconds=10))
    ended = Ended(1, "dk_1", "FAILED", at, "duckdb", "out_of_memory", "ExhaustedError: no room")
    after = claims.next_attempt(stored.record, ended, "me", scene.now, escalate=False)
    assert claims.change(store, stored, after) is not None
    found = facts.collect(scene.lake, "b").runs["dk_1"]
    assert (found.state, found.error) == ("FAILED", "ExhaustedError: no room")
    first = f"attempt 1 of {claim.revision} on duckdb"
    assert f"{first} ended FAILED (out of memory): ExhaustedError: no room" in told(scene)


@pytest.mark.parametrize(
    ("claimed", "kind", "word"),
    [
        ((1, "auto"), "out_of_memory", "retrying"),
        ((1, "auto"), None, "failed"),
        ((1, "contract"), "out_of_memory", "failed"),
        ((3, "contract"), None, "retrying"),
        ((3, "auto"), "refused", "failed"),
    ],
)
def test_a_run_that_failed_is_told_as_the_reconciler_will_take_it(
    scene: Scene, claim: Claim, claimed: tuple[int, EngineBy], kind: str | None, word: str
) -> None:
    """`claimed`: the attempts that are allowed, and who chose DuckDB."""
    allowed, by = claimed
    store = scene.lake.store
    stored = claims.read(store, "b", claim.revision)
    assert stored is not None
    claims.change(store, stored, replace(claim, attempts_allowed=allowed, engine_by=by))
    begin(scene, claim)
    report = {"run_id": "dk_1", "state": "FAILED", "error": "no room", "error_kind": kind}
    scene.cloud.s3.put(
        "control-bucket", keys.revision("b", claim.revision, "report"), json.dumps(report).encode()
    )
    assert status(scene).state == word


def test_the_step_from_duckdb_to_spark_is_told(scene: Scene, claim: Claim) -> None:
    begin(scene, claim)
    store = scene.lake.store
    stored = claims.read(store, "b", claim.revision)
    assert stored is not None
    ended = Ended(1, "dk_1", "FAILED", codec.stamp(scene.now), "duckdb", "out_of_memory")
    after = claims.next_attempt(stored.record, ended, "me", scene.now, escalate=True)
    assert claims.change(store, stored, after) is not None
    story = told(scene)
    assert f"attempt 1 of {claim.revision} on duckdb ended FAILED (out of memory)" in story
    assert "DuckDB was too small for it: it goes on with Spark" in story
    assert f"attempt 2 of {claim.revision} on spark is claimed, no run is recorded yet" in story
