"""Three scanners, over the code and over the policies as deployed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.places import SHARED
from local.tools import installer
from tests.terraform.conftest import Plan, Workspace
from tests.terraform.test_modules import TERRAFORM

pytestmark = pytest.mark.terraform

SKIP = re.compile(r"#checkov:skip=(\w+):(.*)")


@pytest.fixture(scope="session")
def scanners() -> Path:
    """The scanners' own environment: they pin an older boto3 than everything else."""
    folder = SHARED / "venvs" / "scan"
    if not (folder / "bin" / "checkov").exists():
        shutil.rmtree(folder, ignore_errors=True)
        installer.install("scan", folder)
    return folder / "bin"


@pytest.fixture(scope="session")
def checkov(scanners: Path, workspace: Workspace) -> dict[str, Any]:
    """checkov's report on the root with its defaults, which are what an account gets."""
    done = run(
        [
            *(str(scanners / "checkov"), "--directory", str(workspace.terraform)),
            *("--framework", "terraform", "--skip-download", "--output", "json"),
        ],
        codes=(0, 1),
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def run(command: list[str], codes: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**kept, "PYTHONWARNINGS": "ignore"},
        check=False,
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done


def skips() -> dict[str, str]:
    return {
        check: reason.strip()
        for path in TERRAFORM.rglob("*.tf")
        for check, reason in SKIP.findall(path.read_text())
    }


def test_checkov_finds_nothing_that_is_not_justified(checkov: dict[str, Any]) -> None:
    found = [
        f"{item['check_id']} {item['resource']}" for item in checkov["results"]["failed_checks"]
    ]
    assert found == []
    counts = checkov["summary"]
    assert counts["parsing_errors"] == 0
    assert counts["passed"] > 300
    print({name: counts[name] for name in ("passed", "failed", "skipped")})  # noqa: T201 - figures


def test_every_skip_has_a_reason_and_is_needed(checkov: dict[str, Any]) -> None:
    used = {item["check_id"] for item in checkov["results"]["skipped_checks"]}
    assert used == set(skips())
    for check, reason in skips().items():
        assert len(reason.split()) >= 8, check


def test_parliament_finds_nothing(scanners: Path, plan: Plan) -> None:
    for where, document in role_policies(plan).items():
        command = [str(scanners / "parliament"), "--json", "--string", json.dumps(document)]
        assert run(command, codes=(0, 1)).stdout == "", where


def test_cloudsplaining_finds_nothing(scanners: Path, plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    for where, document in role_policies(plan).items():
        path.write_text(json.dumps(document))
        command = [str(scanners / "cloudsplaining"), "scan-policy-file", "--input-file", str(path)]
        assert run(command).stdout.strip() == "There were no results found.", where


@pytest.mark.parametrize("scanner", ["parliament", "cloudsplaining"])
def test_the_scanners_see_what_is_wrong(scanners: Path, tmp_path: Path, scanner: str) -> None:
    wrong = {"Effect": "Allow", "Action": ["iam:PassRole", "s3:GetObjekt"], "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [wrong]})
    path = tmp_path / "policy.json"
    path.write_text(text)
    command = {
        "parliament": ["--json", "--string", text],
        "cloudsplaining": ["scan-policy-file", "--input-file", str(path)],
    }[scanner]
    out = run([str(scanners / scanner), *command], codes=(0, 1)).stdout
    assert "iam:PassRole" in out or "GetObjekt" in out


def role_policies(plan: Plan) -> dict[str, dict[str, Any]]:
    found = {
        where: document
        for where, document in plan.policies().items()
        if "aws_iam_role_policy" in where
    }
    assert len(found) == 4
    return found
