"""The state of a batch follows from the ledger, Glue and the clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lakegate.cli.errors import NotFoundError
from lakegate.cli.reads import facts, state
from lakegate.files.reasons import Code
from tests.unit.cli.scene import Scene

ALL = ("users", "events", "orders")


def status(scene: Scene, batch: str = "b") -> state.Status:
    return state.status(facts.collect(scene.lake, batch), scene.contract, scene.now)


def nothing_accepted(scene: Scene) -> None:
    scene.refuse("b", "users", Code.TRUNCATED)


def not_judged(scene: Scene) -> None:
    scene.cloud.s3.put("bronze-bucket", "b/users.json", b"{}")


def one_missing(scene: Scene) -> None:
    scene.arrive("b", "users", "events")
    scene.minute(59)


def too_late(scene: Scene) -> None:
    scene.arrive("b", "users", "events")
    scene.minute(60)


def no_room(scene: Scene) -> None:
    scene.cloud.glue.max_concurrent = 0
    scene.arrive("b", *ALL)


def just_started(scene: Scene) -> None:
    scene.arrive("b", *ALL)


def run_failed_once(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.end_run("FAILED", "boom")


def run_done(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.end_run("SUCCEEDED")


def published(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.publish("b")


def exhausted(scene: Scene) -> None:
    scene.arrive("b", *ALL)
    scene.end_run("FAILED", "boom")
    scene.exhaust("b")


def correction_running(scene: Scene) -> None:
    published(scene)
    scene.arrive("b", "orders")


@pytest.mark.parametrize(
    ("story", "word"),
    [
        (not_judged, "uploaded"),
        (nothing_accepted, "rejected"),
        (one_missing, "waiting"),
        (too_late, "overdue"),
        (no_room, "queued"),
        (just_started, "running"),
        (run_failed_once, "retrying"),
        (run_done, "publishing"),
        (published, "published"),
        (exhausted, "failed"),
        (correction_running, "running"),
    ],
)
def test_word(scene: Scene, story: Callable[[Scene], None], word: str) -> None:
    story(scene)
    assert status(scene).state == word


def test_a_batch_that_nobody_saw_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFoundError, match="No batch 'b'"):
        status(scene)


def test_missing_names_datasets_and_the_files_of_a_manifest(scene: Scene) -> None:
    scene.arrive("b", "users", "events-0001")
    assert status(scene).missing == ("orders",)
    scene.manifest("b", "users", "events-0001", "events-0002", "orders")
    assert status(scene).missing == ("events-0002", "orders")


def test_readers_of_a_corrected_batch_are_named_while_it_runs(scene: Scene) -> None:
    published(scene)
    before = status(scene)
    scene.arrive("b", "orders")
    after = status(scene)
    assert before.published_revision == after.published_revision == before.revision
    assert after.revision != before.revision
    assert after.note == f"readers see {before.revision}"


def test_names_are_those_of_uploads_arrivals_and_rejections(scene: Scene) -> None:
    scene.arrive("a", "users")
    scene.refuse("c", "users", Code.EMPTY)
    scene.cloud.s3.put("bronze-bucket", "d/users.json", b"{}")
    scene.cloud.s3.put("bronze-bucket", "Not A Batch/users.json", b"{}")
    assert facts.names(scene.lake) == ["a", "c", "d"]


def test_only_versions_without_a_verdict_are_unjudged(scene: Scene) -> None:
    scene.arrive("b", "users")
    version = scene.cloud.s3.put("bronze-bucket", "b/users.json", b"{}")
    scene.refuse("b", "users", Code.EMPTY, version=version.version_id)
    scene.cloud.s3.put("bronze-bucket", "b/events.json", b"{}")
    [found] = facts.collect(scene.lake, "b").unjudged
    assert found.key == "b/events.json"


def test_the_default_batch_lies_at_the_root_of_bronze(scene: Scene) -> None:
    scene.cloud.s3.put("bronze-bucket", "users.json", b"{}")
    scene.cloud.s3.put("bronze-bucket", "b/users.json", b"{}")
    [found] = facts.collect(scene.lake, "default").unjudged
    assert found.key == "users.json"


def test_a_run_that_glue_forgot_counts_as_running(scene: Scene) -> None:
    just_started(scene)
    scene.cloud.glue.hidden.add(scene.cloud.glue.runs[0]["Id"])
    assert status(scene).state == "running"


def test_the_marker_of_a_folder_waits_for_no_verdict(scene: Scene) -> None:
    scene.cloud.s3.put("bronze-bucket", "b/", b"")
    scene.cloud.s3.put("bronze-bucket", "b/users.json", b"{}")
    assert [item.key for item in facts.collect(scene.lake, "b").unjudged] == ["b/users.json"]
