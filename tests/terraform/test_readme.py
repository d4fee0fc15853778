"""The README's tables are those of the code, and the deployer's policy covers what is made."""

from __future__ import annotations

import json
import re

from scripts.documents.terraform import README, written
from tests.terraform.test_modules import TERRAFORM

FOLDERS = [TERRAFORM, *sorted((TERRAFORM / "modules").iterdir())]


def test_the_tables_are_current() -> None:
    text = README.read_text(encoding="utf-8")
    assert written(text) == text
    for folder in FOLDERS:
        marker = "." if folder == TERRAFORM else f"modules/{folder.name}"
        assert f"<!-- tables: {marker} -->" in text


def test_a_changed_description_makes_them_stale() -> None:
    text = README.read_text(encoding="utf-8")
    assert written(text.replace("Stage, part of every name.", "Something else.")) == text


def test_the_deployer_may_not_do_just_anything() -> None:
    policy = json.loads((TERRAFORM / "deploy_policy.json").read_text())
    assert len(json.dumps(policy, separators=(",", ":"))) <= 10240, "more than a role takes inline"
    sids = [statement["Sid"] for statement in policy["Statement"]]
    assert len(sids) == len(set(sids))
    for statement in policy["Statement"]:
        assert all(re.fullmatch(r"[a-z0-9]+:\w+", action) for action in statement["Action"])
        if "iam:PassRole" in statement["Action"]:
            assert "iam:PassedToService" in json.dumps(statement["Condition"])
