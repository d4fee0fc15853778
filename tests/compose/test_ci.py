"""What the workflows may do and what they call."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from local.places import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text()
RELEASING = {"contents": "write", "id-token": "write", "attestations": "write"}
ASSUMING = {"contents": "read", "id-token": "write"}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit(path: Any) -> None:
    used = {step["uses"] for step in steps(yaml.safe_load(path.read_text())) if "uses" in step}
    foreign = {action for action in used if not action.startswith("./")}
    assert foreign
    assert all(re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}", action) for action in foreign)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_only_read(path: Any) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    more = [job["permissions"] for job in workflow["jobs"].values() if "permissions" in job]
    assert more == {"release.yml": [RELEASING], "sandbox.yml": [ASSUMING]}.get(path.name, [])
    checkouts = [s for s in steps(workflow) if s.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(checkout["with"]["persist-credentials"] is False for checkout in checkouts)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_ends(path: Any) -> None:
    workflow = yaml.safe_load(path.read_text())
    longest = 100 if path.name == "nightly.yml" else 60
    assert all(job["timeout-minutes"] <= longest for job in workflow["jobs"].values())


def test_the_targets_that_are_called_exist() -> None:
    called = {
        target
        for path in WORKFLOWS
        for step in steps(yaml.safe_load(path.read_text()))
        for target in re.findall(r"^make ([\w-]+)", step.get("run", ""), re.MULTILINE)
    }
    assert called >= {"check", "test", "test-spark4", "test-terraform", "test-unit"}
    assert all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in called)
