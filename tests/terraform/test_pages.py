"""Pages that describe the infrastructure say what a plan says."""

from __future__ import annotations

import re

from scripts.documents import roles
from tests.terraform.conftest import PROJECT, Plan

README = PROJECT / "terraform" / "README.md"
RUNBOOK = PROJECT / "docs" / "runbook.md"
ROLES = ("validator", "reconciler", "duckdb")


def alarms(plan: Plan) -> set[str]:
    found = [
        re.search(r'\["(.+)"\]$', name) for name in plan.of_type("aws_cloudwatch_metric_alarm")
    ]
    return {match[1] for match in found if match}


def test_the_table_of_roles_is_the_plans(plan: Plan) -> None:
    page = roles.PAGE.read_text()
    documents = roles.policies(plan.document)
    assert documents
    hint = "terraform show -json <plan> | .venv/bin/python -m scripts.documents.roles"
    assert page == roles.written(page, documents), hint


def test_every_alarm_is_in_the_runbook_and_no_other(plan: Plan) -> None:
    told = set(re.findall(r"^\| `([a-z<][a-z<>-]+)` \|", RUNBOOK.read_text(), re.MULTILINE))
    named = {name.replace("<role>", role) for name in told for role in ROLES}
    assert alarms(plan)
    assert named == alarms(plan)


def test_the_costs_count_every_alarm(plan: Plan) -> None:
    count = len(alarms(plan))
    assert f"{count} alarms {count / 10:.2f}" in README.read_text()
