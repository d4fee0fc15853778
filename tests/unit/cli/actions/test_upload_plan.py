"""Uploads are refused as a whole before anything is sent."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lakegate.cli.actions import upload
from lakegate.cli.actions.upload import Uploaded
from lakegate.cli.errors import RefusedError
from lakegate.files.reasons import Code
from tests.unit.cli.scene import Scene


def write(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_text("{}\n")
    return paths


def test_a_folder_stands_for_its_json_files(scene: Scene, tmp_path: Path) -> None:
    write(tmp_path, "users.json", "events-0001.json", "notes.txt")
    planned = upload.plan([tmp_path], "b", scene.contract)
    assert [item.key for item in planned] == ["b/events-0001.json", "b/users.json"]


def test_what_completes_a_batch_goes_last(scene: Scene, tmp_path: Path) -> None:
    """A manifest or a file that nobody waits for would come after the gate has opened."""
    gate = dataclasses.replace(scene.contract.gate, required=("events", "orders"))
    rules = dataclasses.replace(scene.contract, gate=gate)
    write(tmp_path, "users.json", "_manifest.json", "events-0001.json", "orders.json")
    planned = upload.plan([tmp_path], "b", rules)
    names = ["_manifest.json", "users.json", "events-0001.json", "orders.json"]
    assert [item.path.name for item in planned] == names


def test_every_fault_is_named_with_the_closest_valid_name(scene: Scene, tmp_path: Path) -> None:
    paths = write(tmp_path, "Users.json", "events_7.json", "orders.json")
    (tmp_path / "users.json").write_text("")
    with pytest.raises(RefusedError) as caught:
        upload.plan([*paths, tmp_path / "users.json", tmp_path / "gone.json"], "b", scene.contract)
    text = str(caught.value)
    assert "Users.json: the name would be rejected; closest valid name: b/users.json" in text
    assert (
        "events_7.json: the name would be rejected; closest valid name: b/events-0007.json" in text
    )
    assert "users.json: 0 bytes; allowed are 1 to 5,368,709,120" in text
    assert "gone.json: no such file" in text
    assert "orders.json" not in text


def test_two_files_cannot_land_under_one_key(scene: Scene, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, "users.json")
    with pytest.raises(RefusedError, match="another file would land under b/users"):
        upload.plan([tmp_path / "one", tmp_path / "two"], "b", scene.contract)


def test_an_empty_folder_is_refused(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="there is no file to upload"):
        upload.plan([tmp_path], None, scene.contract)


def test_what_was_sent_stands_in_bronze(scene: Scene, tmp_path: Path) -> None:
    [planned] = upload.plan(write(tmp_path, "users.json"), None, scene.contract)
    sent: list[int] = []
    done = upload.send(scene.lake, planned, lambda item, size: sent.append(size))
    version = scene.cloud.s3.current("bronze-bucket", "users.json")
    assert version is not None
    assert (version.body, version.version_id) == (b"{}\n", done.version_id)
    assert sum(sent) == 3


def test_an_upload_is_judged_once_each_version_is(scene: Scene) -> None:
    done = [Uploaded("b/users.json", 1, "b-users-v1"), Uploaded("b/orders.json", 1, "bad")]
    assert not upload.judged(scene.lake, done)
    scene.arrive("b", "users")
    assert not upload.judged(scene.lake, done)
    scene.refuse("b", "orders", Code.EMPTY)
    assert upload.judged(scene.lake, done)
