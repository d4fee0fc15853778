"""The policies as they would be deployed, read from a plan."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from duckdb_engine.settings import Settings as EngineSettings
from glue_jobs.arguments import Arguments
from lambda_validator.settings import Settings as ValidatorSettings
from reconciler.settings import Settings as ReconcilerSettings
from tests.terraform.conftest import KEY, PROJECT, Plan
from tests.terraform.sts import ACCOUNT

pytestmark = pytest.mark.terraform

# Actions that know no resources.
ANY_RESOURCE = {"WriteTraces", "ReadSecurityConfiguration"}
# Bucket and queue policies that deny everything over plain http.
ANY_ACTION = {"DenyPlainHttp"}
RUN_ARGUMENTS = {"batch_id", "revision", "attempt", "job_name", "job_run_id"}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(plan: Plan, part: str = "") -> list[tuple[str, dict[str, Any]]]:
    return [
        (where, statement)
        for where, document in plan.policies().items()
        if part in where
        for statement in document["Statement"]
    ]


def by_sid(plan: Plan, part: str) -> dict[str, dict[str, Any]]:
    """The statements of one role."""
    return {item["Sid"]: item for _, item in statements(plan, f"{part}.aws_iam_role_policy")}


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{name}"


def test_every_statement_says_what_it_is_for(plan: Plan) -> None:
    for where, document in plan.policies().items():
        sids = [statement.get("Sid") for statement in document["Statement"]]
        assert all(sids), where
        assert len(set(sids)) == len(sids), where


def test_no_action_has_a_wildcard(plan: Plan) -> None:
    for where, statement in statements(plan):
        wild = [action for action in as_list(statement["Action"]) if "*" in action]
        assert not wild or statement["Sid"] in ANY_ACTION, (where, statement["Sid"])


def test_roles_name_their_resources_to_the_prefix(plan: Plan) -> None:
    for where, statement in statements(plan, "aws_iam_role_policy"):
        for resource in as_list(statement["Resource"]):
            if statement["Sid"] in ANY_RESOURCE:
                continue
            assert resource != "*", (where, statement["Sid"])
            writes = any("Put" in action for action in as_list(statement["Action"]))
            if writes and resource.startswith("arn:aws:s3:::") and "bronze" not in resource:
                assert resource.count("/") >= 2, (where, resource)


def test_roles_use_the_key_only_through_a_service_and_for_named_things(plan: Plan) -> None:
    seen = 0
    for where, statement in statements(plan, "aws_iam_role_policy"):
        if any(action.startswith("kms:") for action in as_list(statement["Action"])):
            keys = {key for test in statement["Condition"].values() for key in test}
            assert "kms:ViaService" in keys, where
            assert any(key.startswith("kms:EncryptionContext:") for key in keys), where
            assert as_list(statement["Resource"]) == [KEY]
            seen += 1
    assert seen == 7


@pytest.mark.parametrize("module", ["lambda_validator", "reconciler", "duckdb_engine[0]"])
def test_a_function_may_do_what_lambda_does_on_its_behalf(plan: Plan, module: str) -> None:
    """No emulator asks for these; what they name is what the function's settings name."""
    part = f"module.{module}.module.function"
    function = plan.resources[f"{part}.aws_lambda_function.this"]
    letters = plan.resources[f"{part}.aws_sqs_queue.dead_letters"]
    held = by_sid(plan, part)
    group = function["logging_config"][0]["log_group"]
    assert held["WriteOwnLogs"]["Resource"] == arn("logs", f"log-group:{group}:*")
    queue = arn("sqs", letters["name"])
    assert held["SendDeadLetters"]["Resource"] == queue
    assert letters["kms_master_key_id"] == held["EncryptDeadLetters"]["Resource"] == KEY
    assert held["EncryptDeadLetters"]["Condition"]["StringEquals"] == {
        "kms:EncryptionContext:aws:sqs:arn": queue,
        "kms:ViaService": "sqs.eu-west-1.amazonaws.com",
    }
    assert function["tracing_config"][0]["mode"] == "Active"
    assert set(held["WriteTraces"]["Action"]) == {
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    }


def test_lambda_may_tell_the_reconciler_of_runs_that_failed(plan: Plan) -> None:
    """With the role of the function that failed, and of that one alone."""
    engine = "module.duckdb_engine[0].module.function"
    (failed,) = plan.resources[f"{engine}.aws_lambda_function_event_invoke_config.this"][
        "destination_config"
    ][0]["on_failure"]
    reconciler = arn("lambda", "function:commerce-test-reconciler")
    assert failed["destination"] == by_sid(plan, engine)["TellFailures"]["Resource"] == reconciler
    function = plan.resources[f"{engine}.aws_lambda_function.this"]
    letters = plan.resources[f"{engine}.aws_sqs_queue.dead_letters"]["name"]
    assert function["dead_letter_config"] == [{"target_arn": arn("sqs", letters)}]
    tellers = [where for where, item in statements(plan) if item["Sid"] == "TellFailures"]
    assert len(tellers) == 1


def test_a_job_may_do_what_glue_does_on_its_behalf(plan: Plan) -> None:
    job = plan.resources["module.glue_job.aws_glue_job.this"]
    held = by_sid(plan, "module.glue_job")
    prefix = job["default_arguments"]["--custom-logGroup-prefix"]
    assert held["WriteOwnLogs"]["Resource"] == arn("logs", f"log-group:{prefix}/*")
    groups = {group["name"] for group in plan.of_type("aws_cloudwatch_log_group").values()}
    role = plan.resources["module.glue_job.aws_iam_role.this"]["name"]
    own = f"{prefix}/{job['security_configuration']}-role/{role}"
    assert {f"{own}/error", f"{own}/output"} <= groups
    assert job["security_configuration"] in {
        found["name"] for found in plan.of_type("aws_glue_security_configuration").values()
    }
    assert held["ReadSecurityConfiguration"]["Action"] == "glue:GetSecurityConfiguration"


def test_lambda_and_glue_alone_are_passed_roles_and_only_by_who_deploys(plan: Plan) -> None:
    for where, statement in statements(plan):
        assert "iam:PassRole" not in as_list(statement["Action"]), where
    deployer = json.loads((PROJECT / "terraform" / "deploy_policy.json").read_text())
    (passing,) = [
        item for item in deployer["Statement"] if "iam:PassRole" in as_list(item["Action"])
    ]
    services = {
        service
        for where, statement in statements(plan, "aws_iam_role.")
        for service in as_list(statement["Principal"]["Service"])
    }
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) == services
    names = {role["name"] for role in plan.of_type("aws_iam_role").values()}
    (pattern,) = as_list(passing["Resource"])
    assert len(names) == 4
    assert all(fnmatchcase(f"arn:aws:iam::ACCOUNT:role/{name}", pattern) for name in names)


def placed(text: str) -> str:
    """A policy handed out, with the plan's account and region in it."""
    return text.replace("ACCOUNT", ACCOUNT).replace("REGION", "eu-west-1")


def test_roles_may_no_more_than_the_boundary_that_deploying_demands(plan: Plan) -> None:
    boundary = json.loads(placed((PROJECT / "terraform" / "boundary_policy.json").read_text()))
    for where, statement in statements(plan, "aws_iam_role_policy"):
        for action in as_list(statement["Action"]):
            for resource in as_list(statement["Resource"]):
                assert any(
                    action in as_list(item["Action"])
                    and any(fnmatchcase(resource, wide) for wide in as_list(item["Resource"]))
                    for item in boundary["Statement"]
                ), (where, action, resource)


def test_the_boundary_knows_every_action_that_an_option_adds() -> None:
    """The plan has the defaults only; the code of the roles names them all."""
    boundary = json.loads((PROJECT / "terraform" / "boundary_policy.json").read_text())
    bounded = {action for item in boundary["Statement"] for action in as_list(item["Action"])}
    modules = PROJECT / "terraform" / "modules"
    code = "".join(
        path.read_text()
        for module in ("function", "glue_job", "lambda_validator", "reconciler", "duckdb_engine")
        for path in (modules / module).glob("*.tf")
        if path.stem in {"options", "policy", "role", "shared"}
    )
    lists = re.findall(r"actions += (\[.*?\])", code, re.DOTALL)
    named = set(re.findall(r'"([a-z0-9]+:\w+)"', "".join(lists))) - {"sts:AssumeRole"}
    assert len(named) > 40
    assert named - bounded == set()


def test_who_deploys_makes_roles_within_the_boundary_only() -> None:
    deployer = json.loads((PROJECT / "terraform" / "deploy_policy.json").read_text())
    for statement in deployer["Statement"]:
        if {"iam:CreateRole", "iam:PutRolePolicy"} & set(as_list(statement["Action"])):
            assert statement["Condition"] == {
                "StringEquals": {
                    "iam:PermissionsBoundary": "arn:aws:iam::ACCOUNT:policy/commerce-boundary"
                }
            }
        if "iam:CreatePolicyVersion" in as_list(statement["Action"]):
            boundary = "arn:aws:iam::ACCOUNT:policy/commerce-boundary"
            assert not any(fnmatchcase(boundary, name) for name in as_list(statement["Resource"]))


def test_rotation_waits_for_no_tag_and_administration_does() -> None:
    """A tag is known to KMS up to five minutes late; rotation is switched on at once."""
    deployer = json.loads((PROJECT / "terraform" / "deploy_policy.json").read_text())
    conditions = {
        action: json.dumps(statement.get("Condition", {}))
        for statement in deployer["Statement"]
        for action in as_list(statement["Action"])
    }
    for action in ("kms:EnableKeyRotation", "kms:DescribeKey", "kms:GetKeyPolicy"):
        assert "ResourceTag" not in conditions[action], action
    for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"):
        assert "aws:ResourceTag/Project" in conditions[action], action
    assert "aws:RequestTag/Project" in conditions["kms:TagResource"]


@pytest.mark.parametrize(
    ("action", "tags", "allowed"),
    [
        ("kms:TagResource", {"ResourceTag": "commerce", "RequestTag": "commerce"}, True),
        ("kms:TagResource", {"RequestTag": "commerce"}, False),
        ("kms:TagResource", {"ResourceTag": "payroll", "RequestTag": "commerce"}, False),
        ("kms:PutKeyPolicy", {}, False),
        ("kms:PutKeyPolicy", {"ResourceTag": "commerce"}, True),
    ],
)
def test_no_key_of_others_can_be_tagged_into_reach(
    action: str, tags: dict[str, str], allowed: bool
) -> None:
    """As IAM decides: a key that is made with a tag has it in the request already."""
    deployer = json.loads((PROJECT / "terraform" / "deploy_policy.json").read_text())
    found = {f"aws:{kind}/Project": value for kind, value in tags.items()}
    passes: dict[str, Callable[[str | None, str], bool]] = {
        "StringEquals": lambda have, wanted: have == wanted,
        "StringEqualsIfExists": lambda have, wanted: have in (None, wanted),
    }
    assert allowed == any(
        all(
            passes[test](found.get(key), wanted)
            for test, keys in statement["Condition"].items()
            for key, wanted in keys.items()
        )
        for statement in deployer["Statement"]
        if action in as_list(statement["Action"])
    )


def test_who_invokes_a_function_is_let_in_by_name(plan: Plan) -> None:
    """Each source that is wired to a function has its permission, and nothing else has one."""
    let_in = {
        (values["function_name"], values["principal"], values["source_arn"])
        for values in plan.of_type("aws_lambda_permission").values()
    }
    (notification,) = plan.of_type("aws_s3_bucket_notification").values()
    wired = {
        (
            "commerce-test-validator",
            "s3.amazonaws.com",
            f"arn:aws:s3:::{notification['bucket']}",
        )
    }
    for target in plan.of_type("aws_cloudwatch_event_target").values():
        rule = arn("events", f"rule/{target['rule']}")
        wired.add(("commerce-test-reconciler", "events.amazonaws.com", rule))
    assert len(wired) == 4
    assert let_in == wired


def test_services_act_for_this_account_only(plan: Plan) -> None:
    seen = 0
    for where, statement in statements(plan):
        principal = statement.get("Principal", {})
        if isinstance(principal, dict) and "Service" in principal:
            assert ACCOUNT in json.dumps(statement["Condition"]), (where, statement["Sid"])
            seen += 1
    for address, values in plan.of_type("aws_lambda_permission").items():
        assert ACCOUNT in values["source_arn"] or values["source_account"] == ACCOUNT, address
        seen += 1
    assert seen >= 9


def test_nobody_but_services_and_the_account_is_let_in(plan: Plan) -> None:
    for where, statement in statements(plan):
        if statement["Effect"] == "Allow" and "Principal" in statement:
            assert set(statement["Principal"]) == {"Service"}, (where, statement["Sid"])


def test_nobody_may_delete_or_overwrite_in_the_ledger(plan: Plan) -> None:
    ledger = f"arn:aws:s3:::commerce-test-control-{ACCOUNT}/batches/*"
    denied = {
        action: statement.get("Condition", {})
        for _, statement in statements(plan, "module.control.aws_s3_bucket_policy")
        if statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and as_list(statement["Resource"]) == [ledger]
        for action in as_list(statement["Action"])
    }
    assert denied["s3:DeleteObject"] == denied["s3:DeleteObjectVersion"] == {}
    assert denied["s3:PutObject"] == {"Null": {"s3:if-match": "true", "s3:if-none-match": "true"}}


def test_only_bronze_wakes_the_validator(plan: Plan) -> None:
    (notification,) = plan.of_type("aws_s3_bucket_notification").values()
    assert notification["bucket"] == f"commerce-test-bronze-{ACCOUNT}"
    assert not notification["eventbridge"]


@pytest.mark.parametrize(
    ("module", "settings"),
    [
        ("lambda_validator", ValidatorSettings),
        ("reconciler", ReconcilerSettings),
        ("duckdb_engine[0]", EngineSettings),
    ],
)
def test_functions_get_the_environment_that_they_read(
    plan: Plan, module: str, settings: type[Any]
) -> None:
    function = plan.resources[f"module.{module}.module.function.aws_lambda_function.this"]
    needed = {
        field.name.upper()
        for field in dataclasses.fields(settings)
        if field.default is dataclasses.MISSING
    }
    every = {field.name.upper() for field in dataclasses.fields(settings)}
    assert needed <= set(function["environment"][0]["variables"]) <= every
    assert function["handler"] == f"{module.removesuffix('[0]')}.handler.handler"


def test_runs_get_the_arguments_that_the_job_reads(plan: Plan) -> None:
    job = plan.resources["module.glue_job.aws_glue_job.this"]
    given = {name[2:].lower() for name in job["default_arguments"] if name.isupper()}
    assert given == {field.name for field in dataclasses.fields(Arguments)} - RUN_ARGUMENTS
