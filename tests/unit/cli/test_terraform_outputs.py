"""`lakegate --terraform DIR` takes the lake from the outputs of an applied root module."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lakegate.cli import lake as lakes
from lakegate.cli import main, settings
from lakegate.cli.errors import NotConfiguredError
from lakegate.cli.settings import NAMES, NEEDED
from local.tools import terraform as tools
from tests.unit.cli.scene import ROOT, SETTINGS, Scene

OUTPUTS = {
    name: {"sensitive": False, "type": "string", "value": getattr(SETTINGS, name)} for name in NAMES
}
Terraform = Callable[..., Path]


@pytest.fixture
def terraform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terraform:
    """Puts a `terraform` on the path that answers as told; returns its root module."""

    def install(answer: str, complaint: str = "", code: int = 0) -> Path:
        root, program = tmp_path / "root", tmp_path / "bin" / "terraform"
        for folder in (root, program.parent):
            folder.mkdir(exist_ok=True)
        program.write_text(
            f"#!/bin/sh\n[ \"$*\" = '-chdir={root} output -json -no-color' ] || exit 9\n"
            f"cat <<'END'\n{answer}\nEND\necho '{complaint}' >&2\nexit {code}\n"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
        return root

    return install


def lakegate(*words: str) -> int:
    """The exit code of a command."""
    try:
        main.app([*words])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_the_root_module_has_every_output_that_is_read() -> None:
    text = (ROOT / "terraform" / "outputs.tf").read_text()
    assert set(NEEDED) <= set(re.findall(r'^output "(\w+)"', text, re.MULTILINE))


def test_a_command_finds_the_lake_by_outputs_alone(
    terraform: Terraform,
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(lakes, "aws", scene.cloud.client)
    monkeypatch.chdir(ROOT)
    scene.arrive("b", "users")
    root = terraform(json.dumps({**OUTPUTS, "kms_key_arn": {"value": "unused"}}))
    assert lakegate("--terraform", str(root), "status", "--json") == 0
    [found] = json.loads(capsys.readouterr().out)
    assert (found["batch"], found["missing"]) == ("b", ["events", "orders"])


@pytest.mark.parametrize(
    ("answer", "complaint", "code", "said"),
    [
        ("{}", "", 0, "no output bronze_bucket, silver_bucket"),
        (json.dumps({**OUTPUTS, "glue_job": {}}), "", 0, "no output glue_job"),
        ("", "Error: No such directory", 1, "terraform output failed: Error: No such directory"),
        ("not json", "", 0, "terraform output is not JSON"),
    ],
)
def test_what_is_wrong_with_the_outputs_is_said_with_the_code_for_it(  # noqa: PLR0917
    terraform: Terraform,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    complaint: str,
    code: int,
    said: str,
) -> None:
    root = terraform(answer, complaint, code)
    assert lakegate("--terraform", str(root), "status") == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{root}: {said}" in shown.err


def test_without_terraform_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotConfiguredError, match="terraform is not on the path"):
        settings.from_terraform(tmp_path)


@pytest.mark.terraform
def test_a_real_root_module_is_read_from_its_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Path(tools.program())
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    outputs = (f'output "{name}" {{ value = "{getattr(SETTINGS, name)}" }}' for name in NAMES)
    (tmp_path / "main.tf").write_text("\n".join(outputs))
    with pytest.raises(NotConfiguredError, match="has `terraform apply` been run there"):
        settings.from_terraform(tmp_path)
    for words in (["init"], ["apply", "-auto-approve"]):
        command = [str(program), f"-chdir={tmp_path}", *words, "-input=false"]
        subprocess.run(command, check=True, capture_output=True)
    assert settings.from_terraform(tmp_path) == SETTINGS
