"""`lakegate rebuild` wakes the reconciler until bronze holds nothing that is not at its end."""

from __future__ import annotations

import json

import pytest

from lakegate.cli.actions import rebuilding
from lakegate.cli.errors import TimedOutError
from tests.unit.cli.conftest import Shell
from tests.unit.cli.scene import Scene

ALL = ("users", "events", "orders")


def test_it_goes_on_until_every_batch_has_come_to_its_end(scene: Scene) -> None:
    scene.cloud.s3.put("bronze-bucket", "b/users.json", b"{}")
    calls = iter(range(3))

    def reconciler(_: float) -> None:
        """What a call of the reconciler does while the command waits."""
        match next(calls):
            case 0:
                scene.arrive("a", *ALL)
            case 1:
                scene.publish("a")
            case 2:
                scene.cloud.s3.buckets["bronze-bucket"].clear()

    found = list(rebuilding.rebuild(scene.lake, 60, 1, reconciler))
    assert [item.batches for item in found] == [
        {"running": 1, "uploaded": 1},
        {"published": 1, "uploaded": 1},
        {"published": 1},
    ]
    assert [item.unjudged for item in found] == [1, 1, 0]
    woken = [name for name, _ in scene.cloud.others.invoked]
    assert woken == ["reconciler-function"] * 3


def test_it_gives_up_and_says_how_to_go_on(scene: Scene) -> None:
    scene.cloud.s3.put("bronze-bucket", "b/users.json", b"{}")
    with pytest.raises(TimedOutError, match="ask again"):
        list(rebuilding.rebuild(scene.lake, 0, 0))


def test_an_empty_lake_is_rebuilt_at_once(shell: Shell) -> None:
    done = shell("rebuild", "--every", "0", "--json")
    assert (done.code, json.loads(done.out)) == (0, {"batches": {}, "unjudged": 0, "failed": []})


def test_a_batch_that_failed_is_named_and_fails_the_command(scene: Scene, shell: Shell) -> None:
    scene.arrive("good", *ALL)
    scene.publish("good")
    for name in ("bad-1", "bad-2"):
        scene.arrive(name, *ALL)
        scene.exhaust(name)
    done = shell("rebuild", "--every", "0", "--json")
    assert (done.code, json.loads(done.out)["failed"]) == (6, ["bad-1", "bad-2"])
    assert "failed: bad-1, bad-2" in done.err and "lakegate explain" in done.err
