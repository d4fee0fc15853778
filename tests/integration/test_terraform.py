"""Terraform converges on the running stack: nothing to do twice, and only what was asked for."""

from __future__ import annotations

import json
import os

import pytest

from local.tools.terraform import Terraform
from tests.integration.conftest import World

pytestmark = [
    pytest.mark.stack,
    pytest.mark.terraform,
    pytest.mark.skipif(
        os.environ.get("BACKEND") == "localstack", reason="drifts there, see docs/localstack.md"
    ),
]


def described(world: World, *variables: str) -> Terraform:
    return Terraform(
        world.places.terraform,
        world.places.logs / "terraform.log",
        world.backend.endpoint,
        (*world.backend.variables, f"build_dir={world.places.build}", *variables),
    )


def changes(terraform: Terraform) -> dict[str, str]:
    """Address to action of everything that a plan would touch."""
    # Whether an unchanged stack is as described is asked by the test before: no refresh.
    made = terraform._call("plan", "-json", "-refresh=false", *terraform._variables())
    assert made.returncode == 0, made.stdout + made.stderr
    events = (json.loads(line) for line in made.stdout.splitlines())
    planned = (event["change"] for event in events if event["type"] == "planned_change")
    return {change["resource"]["addr"]: change["action"] for change in planned}


def test_a_second_plan_is_empty(world: World) -> None:
    assert described(world).plan() == ""


@pytest.mark.parametrize(
    ("variable", "touched"),
    [
        ("glue={timeout_in_minutes=50}", {"module.glue_job.aws_glue_job.this"}),
        (
            "alarms={publish_in_minutes=60}",
            {'module.observability.aws_cloudwatch_metric_alarm.this["batch-unpublished"]'},
        ),
        (
            "functions={validator_memory=1024}",
            {"module.lambda_validator.module.function.aws_lambda_function.this"},
        ),
    ],
)
def test_one_variable_changes_only_what_it_is_for(
    world: World, variable: str, touched: set[str]
) -> None:
    found = changes(described(world, variable))
    assert found == dict.fromkeys(touched, "update")
