"""Who deploys needs no more than the policy that terraform/README.md hands out."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from lakegate.contract import load
from lakegate.contract.project import Project
from lakegate.packing.build import build
from local.backends.ports import free_port
from local.backends.stack import ACCOUNT, REGION, Stack
from local.places import ROOT, Places
from local.tools import toolchain
from local.tools.terraform import Terraform
from tests.iam.stand import Stand, start
from tests.iam.test_roles import as_list

pytestmark = [pytest.mark.stack, pytest.mark.terraform, pytest.mark.thorough]

POLICY = ROOT / "terraform" / "deploy_policy.json"
MADE = 90
# As in an account: access logs and lifecycle rules.
AS_IN_AN_ACCOUNT = ("buckets={require_tls=false}",)


# Calls whose resource the emulator calls something else than AWS does; for others it says "*".
NAMED_OTHERWISE = {
    "events:ListTargetsByRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "glue:CreateJob",
    "glue:DeleteDatabase",
    "glue:GetDatabase",
}
EVERYTHING = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}


def credentials(stand: Stand) -> dict[str, str]:
    """Of a user who may do everything, so that all that Terraform asks for is written down."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING]})
    stand.iam.create_user(UserName="deployer")
    stand.iam.put_user_policy(UserName="deployer", PolicyName="all", PolicyDocument=document)
    key: Any = stand.iam.create_access_key(UserName="deployer")["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }


def granted(call: dict[str, str]) -> bool:
    """Whether a statement of the policy has the action, and the resource where it has its name."""
    text = POLICY.read_text().replace("ACCOUNT", ACCOUNT).replace("REGION", REGION)
    resources = [
        resource
        for statement in json.loads(text)["Statement"]
        if call["action"] in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    ]
    if call["resource"] == "*" or call["action"] in NAMED_OTHERWISE:
        return bool(resources)
    return any(fnmatchcase(call["resource"], resource) for resource in resources)


@pytest.mark.timeout(1200)
def test_creating_changing_and_destroying_needs_no_more(tmp_path: Path) -> None:
    build(Project.open(ROOT / "config"), tmp_path / "build", ROOT / "src")
    stack = Stack(Places(tmp_path / "stack"), free_port(), toolchain.find(os.environ))
    contract = load(ROOT / "config" / "pipeline.yaml")
    stand = Stand(stack, tmp_path / "journal.jsonl", contract)
    process = start(stack, stand.journal)
    try:
        terraform = Terraform(
            stack.places.terraform,
            tmp_path / "terraform.log",
            {**stack.endpoint, **credentials(stand)},
            (*AS_IN_AN_ACCOUNT, f"build_dir={tmp_path / 'build'}"),
        )
        terraform.init()
        assert terraform.apply(lambda _: None) > MADE
        changed = replace(terraform, variables=(*terraform.variables, "functions={timeout=140}"))
        assert changed.apply(lambda _: None) == 2
        done = terraform._call("destroy", "-auto-approve", "-no-color", *terraform._variables())
        assert done.returncode == 0, done.stderr
    finally:
        process.terminate()
        process.wait(30)
    lines = set(stand.journal.read_text().splitlines())
    calls = [call for call in map(json.loads, lines) if call["principal"].endswith("/deployer")]
    actions = {call["action"] for call in calls}
    assert len(actions) > MADE
    assert sorted(call["action"] for call in calls if not granted(call)) == []
    print(f"deployer: {len(actions)} actions asked for, all granted")  # noqa: T201
