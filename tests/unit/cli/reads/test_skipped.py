"""One odd name or record hides nothing else: it is skipped, and said."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from lakegate.cli.reads import explain, facts, overview, snapshot
from lakegate.ledger import keys
from tests.unit.cli.conftest import Shell
from tests.unit.cli.scene import Scene
from tests.unit.cli.web.served import served

ALL = ("users", "events", "orders")


def console_folder(scene: Scene) -> str:
    scene.cloud.s3.put("bronze-bucket", "odd/", b"")
    return "odd"


def leftovers_of_a_tool(scene: Scene) -> str:
    scene.cloud.s3.put("bronze-bucket", "odd/_SUCCESS", b"")
    return "odd"


def key_below_the_default_batch(scene: Scene) -> str:
    scene.cloud.s3.put("bronze-bucket", "default/users.json", b"{}")
    return "default"


def index_that_is_no_json(scene: Scene) -> str:
    scene.cloud.s3.put("control-bucket", keys.arrivals("odd"), b"nonsense")
    return keys.arrivals("odd")


def index_of_a_later_release(scene: Scene) -> str:
    document = {"version": 9, "reads_from": 9}
    scene.cloud.s3.put("control-bucket", keys.arrivals("odd"), json.dumps(document).encode())
    return keys.arrivals("odd")


def claim_that_is_a_list(scene: Scene) -> str:
    key = keys.claim("odd", "0123456789abcdef")
    scene.cloud.s3.put("control-bucket", key, b"[]")
    return key


def rejection_that_is_none(scene: Scene) -> str:
    key = keys.rejection("odd", "users", "0123")
    scene.cloud.s3.put("quarantine-bucket", key, b'{"version": 1}')
    scene.cloud.s3.put("bronze-bucket", "odd/users.json", b"{}")
    return key


ODD = [
    console_folder,
    leftovers_of_a_tool,
    key_below_the_default_batch,
    index_that_is_no_json,
    index_of_a_later_release,
    claim_that_is_a_list,
    rejection_that_is_none,
]


@pytest.mark.parametrize("odd", ODD)
def test_the_others_are_shown_and_what_is_skipped_is_said(
    odd: Callable[[Scene], str], scene: Scene, shell: Shell
) -> None:
    name = odd(scene)
    scene.arrive("good", *ALL)
    scene.publish("good")
    found = overview.last(scene.lake, 20, scene.now)
    assert "published" in {item.state for item in found.statuses if item.batch == "good"}
    assert [item.name for item in found.skipped] == [name]
    done = shell("status", "--json")
    assert done.code == 0
    assert f"skipped: {name}: " in done.err
    assert "good" in {item["batch"] for item in json.loads(done.out)}
    assert [item.name for item in snapshot.take(scene.lake).skipped] == [name]
    with served(scene.lake) as site:
        assert site.ask("/api/lake").json()["skipped"][0]["name"] == name


@pytest.mark.parametrize("odd", ODD[3:])
def test_the_story_of_a_batch_goes_on_without_a_record_that_cannot_be_read(
    odd: Callable[[Scene], str], scene: Scene
) -> None:
    name = odd(scene)
    story = explain.explain(facts.collect(scene.lake, "odd"), scene.contract, scene.now)
    assert f"skipped: {name} " in story.steps[-1].text


def test_rejections_go_on_without_a_record_that_cannot_be_read(scene: Scene, shell: Shell) -> None:
    name = rejection_that_is_none(scene)
    done = shell("rejected", "--json")
    assert (done.code, json.loads(done.out)["files"]) == (0, [])
    assert f"skipped: {name}: " in done.err
