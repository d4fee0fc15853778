"""Terraform converges on the running stack: nothing to do twice, and only what was asked for."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.terraform import Terraform
from tests.integration.conftest import World
from tests.integration.own_stack import own_stack

pytestmark = [
    pytest.mark.stack,
    pytest.mark.terraform,
    pytest.mark.skipif(
        os.environ.get("BACKEND") == "localstack", reason="drifts there, see docs/localstack.md"
    ),
]

BUDGET_SECONDS = 45


def described(world: World, *variables: str) -> Terraform:
    return Terraform(
        world.places.terraform,
        world.places.logs / "terraform.log",
        world.backend.endpoint,
        (*world.backend.variables, *variables),
    )


def changes(terraform: Terraform) -> dict[str, list[str]]:
    """Address to actions of everything that a plan would touch."""
    out = terraform.folder / "test.tfplan"
    words = ("-input=false", "-no-color", f"-out={out}", *terraform._variables())
    made = terraform._call("plan", *words)
    assert made.returncode == 0, made.stdout + made.stderr
    shown = terraform._call("show", "-json", str(out))
    return {
        item["address"]: item["change"]["actions"]
        for item in json.loads(shown.stdout)["resource_changes"]
        if item["change"]["actions"] not in (["no-op"], ["read"])
    }


def test_a_second_plan_is_empty(world: World) -> None:
    assert described(world).plan() == ""


@pytest.mark.parametrize(
    ("variable", "touched"),
    [
        ("glue_timeout_in_minutes=50", {"module.glue_job.aws_glue_job.this"}),
        (
            "publish_in_minutes=60",
            {'module.observability.aws_cloudwatch_metric_alarm.this["batch-unpublished"]'},
        ),
        (
            "reconciler_schedule=rate(10 minutes)",
            {"module.reconciler.aws_cloudwatch_event_rule.schedule"},
        ),
    ],
)
def test_one_variable_changes_only_what_it_is_for(
    world: World, variable: str, touched: set[str]
) -> None:
    found = changes(described(world, variable))
    assert set(found) == touched
    assert all(actions == ["update"] for actions in found.values())


@pytest.mark.thorough
def test_destroy_leaves_nothing_and_takes_no_data_unless_told(tmp_path: Path) -> None:
    with own_stack(tmp_path) as own:
        terraform = Terraform(
            own.stack.places.terraform,
            tmp_path / "terraform.log",
            own.stack.endpoint,
            own.stack.variables,
        )
        bucket = own.outputs["gold_bucket"]
        own.client("s3").put_object(Bucket=bucket, Key="kept.parquet", Body=b"PAR1")
        careful = replace(terraform, variables=(*terraform.variables, "force_destroy=false"))
        careful.apply(lambda _: None)
        refused = destroyed(careful)
        assert refused.returncode != 0
        assert "BucketNotEmpty" in refused.stderr
        terraform.apply(lambda _: None)
        begun = time.monotonic()
        assert destroyed(terraform).returncode == 0
        assert time.monotonic() - begun < BUDGET_SECONDS
        assert left(own) == {}


def destroyed(terraform: Terraform) -> Any:
    words = ("-auto-approve", "-input=false", "-no-color", *terraform._variables())
    return terraform._call("destroy", *words)


def left(own: Any) -> dict[str, Any]:
    """What is still in the account, by kind; a key on its way out does not count."""
    key = own.client("kms")
    found = {
        "buckets": own.client("s3").list_buckets()["Buckets"],
        "functions": own.client("lambda").list_functions()["Functions"],
        "queues": own.client("sqs").list_queues().get("QueueUrls", []),
        "topics": own.client("sns").list_topics()["Topics"],
        "roles": [
            role["RoleName"]
            for role in own.client("iam").list_roles()["Roles"]
            if role["RoleName"].startswith("commerce-")
        ],
        "rules": own.client("events").list_rules()["Rules"],
        "log groups": own.client("logs").describe_log_groups()["logGroups"],
        "alarms": own.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "databases": own.client("glue").get_databases()["DatabaseList"],
        "jobs": own.client("glue").get_jobs()["Jobs"],
        "aliases": [
            alias["AliasName"]
            for alias in key.list_aliases()["Aliases"]
            if not alias["AliasName"].startswith("alias/aws/")
        ],
    }
    return {kind: items for kind, items in found.items() if items}
