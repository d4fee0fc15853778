"""Two projects on one machine, each with a stack of its own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from local.backends.ports import free_port
from local.places import ROOT, Places
from tests.integration.own_stack import OwnStack

pytestmark = pytest.mark.stack

PATIENCE_SECONDS = 480
LAYERS, ACCOUNT = ("bronze", "silver", "gold", "quarantine", "control"), "000000000000"


def written(folder: Path) -> Path:
    """A project of one dataset and one table."""
    marts, sample = folder / "sql/marts", folder / "sample_data"
    for made in (marts, sample):
        made.mkdir(parents=True)
    (folder / "pipeline.yaml").write_text(
        "version: 2\nproject: other\ndatasets:\n  things:\n    columns:\n"
        "      - {name: kind, type: string}\n"
        "gold_tables:\n  kinds: {grain: [kind]}\n"
    )
    sql = "select kind, count(*) as things from stg_things group by kind"
    (marts / "kinds.sql").write_text(f"-- one row per kind\n{sql}\n")
    (sample / "things.json").write_text('{"kind": "a"}\n' * 3)
    return folder


def local(*arguments: str | Path) -> str:
    """What a command of `local` prints. It must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "local", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lakegate(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line tool in the environment that a stack has left."""
    lines = shlex.split(Places(state).env_file.read_text(), comments=True)
    named = dict(word.split("=", 1) for word in lines if "=" in word)
    tool = Path(sys.executable).parent / "lakegate"
    return subprocess.run(
        [tool, *arguments], env=os.environ | named, capture_output=True, text=True, check=False
    )


def buckets(own: OwnStack) -> set[str]:
    return {bucket["Name"] for bucket in own.client("s3").list_buckets()["Buckets"]}


def test_two_projects_are_up_beside_each_other_and_one_of_them_goes(
    spare: OwnStack, tmp_path: Path
) -> None:
    """The other one is the demo, on the stack of these tests."""
    project, state = written(tmp_path / "other"), tmp_path / "state"
    given = ("--project", project, "--state", state)
    try:
        port = str(free_port())
        local("up", *given, "--port", port, "--backend", "embedded", "--engine", "duckdb")
        shown = lakegate(state, "status", "--json")
        [status] = json.loads(shown.stdout)
        assert (status["state"], status["rows"]) == ("published", 1)
        gold = lakegate(state, "gold", status["batch"], "--json")
        assert json.loads(gold.stdout)["rows"] == [{"kind": "a", "things": 3}]
        assert not buckets(spare) & {f"other-local-{layer}-{ACCOUNT}" for layer in LAYERS}
        assert "stopped" in local("down", *given)
        assert spare.outputs["gold_bucket"] in buckets(spare)
        gone = lakegate(state, "status")
        assert gone.returncode == 1
        assert "the stack of this environment is stopped" in gone.stderr
    finally:
        local("down", *given)
