"""The command line: what it says, what it leaves alone, how it fails."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

from scripts.generate_data import main

APP = typer.Typer()
APP.command()(main)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(APP, arguments)


def test_says_how_much_it_wrote(tmp_path: Path) -> None:
    result = run("--rows", "300", "--out", str(tmp_path / "new" / "folder"))
    assert result.exit_code == 0
    assert "900 rows" in result.output
    assert len(list((tmp_path / "new" / "folder").iterdir())) == 4


def test_replaces_its_own_files_and_leaves_others(tmp_path: Path) -> None:
    run("--rows", "30", "--parts", "3", "--out", str(tmp_path))
    (tmp_path / "mine.json").write_text("{}")
    run("--rows", "30", "--out", str(tmp_path))
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"users.json", "events.json", "orders.json", "expected.json", "mine.json"}


def test_expected_repeats_the_request(tmp_path: Path) -> None:
    run(
        "--rows",
        "40",
        "--seed",
        "9",
        "--parts",
        "2",
        "--dirt",
        "missing=0.005",
        "--out",
        str(tmp_path),
    )
    request = json.loads((tmp_path / "expected.json").read_bytes())["request"]
    assert request == {"rows": 40, "seed": 9, "parts": 2, "dirt": {"missing": 0.005}}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rows", "5", "--parts", "6"), "PARTS=6: from 1 to 5 parts"),
        (("--dirt", "0.4"), "--refused"),
        (("--config", "no.yaml"), "no.yaml: cannot be read"),
    ],
)
def test_impossible_requests_are_explained(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    result = run(*arguments, "--out", str(tmp_path))
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_noticed_before_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    result = run("--rows", "10000", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "0.0 GB are needed, 0.0 GB are free" in " ".join(result.output.split())
    assert not list(tmp_path.iterdir())


def test_a_run_that_fails_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scripts.generator.run.write_manifest", full)
    monkeypatch.setattr("scripts.generator.dirt.expected.write", full)
    result = run("--rows", "30", "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert not list(tmp_path.iterdir())
