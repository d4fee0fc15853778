"""`terraform destroy` on a stack that other tests have used. By name it is the last test here."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from local.tools.terraform import Terraform
from tests.integration.own_stack import OwnStack

pytestmark = [
    pytest.mark.stack,
    pytest.mark.terraform,
    pytest.mark.skipif(
        os.environ.get("BACKEND") == "localstack", reason="drifts there, see docs/localstack.md"
    ),
]

BUDGET_SECONDS = 240  # beside other suites; a provider that waits for what is gone takes longer


def test_destroy_leaves_nothing_and_takes_no_data_unless_told(
    spare: OwnStack, tmp_path: Path
) -> None:
    """Ends the spare stack, whose buckets are full of what other tests have left there."""
    terraform = Terraform(
        spare.stack.places.terraform,
        tmp_path / "terraform.log",
        spare.stack.endpoint,
        (*spare.stack.variables, f"build_dir={spare.stack.places.build}"),
    )
    bucket = spare.outputs["gold_bucket"]
    spare.client("s3").put_object(Bucket=bucket, Key="kept.parquet", Body=b"PAR1")
    careful = replace(terraform, variables=(*terraform.variables, "force_destroy=false"))
    apply_gold(careful)
    begun = time.monotonic()
    refused = destroyed(careful)
    assert refused.returncode != 0
    assert "BucketNotEmpty" in refused.stderr
    assert left(spare)["buckets"] == [bucket]
    apply_gold(terraform)
    assert destroyed(terraform).returncode == 0
    assert time.monotonic() - begun < BUDGET_SECONDS
    assert left(spare) == {}


def apply_gold(terraform: Terraform) -> None:
    """Brings the bucket of gold alone, and what it needs, in line with the variables."""
    words = ("-auto-approve", "-input=false", "-no-color", "-target=module.gold.aws_s3_bucket.this")
    made = terraform._call("apply", *words, *terraform._variables())
    assert made.returncode == 0, made.stdout + made.stderr


def destroyed(terraform: Terraform) -> Any:
    words = ("-auto-approve", "-input=false", "-no-color", *terraform._variables())
    return terraform._call("destroy", *words)


def left(own: OwnStack) -> dict[str, Any]:
    """What is still in the account, by kind; a key on its way out does not count."""
    key = own.client("kms")
    found = {
        "buckets": [item["Name"] for item in own.client("s3").list_buckets()["Buckets"]],
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
