"""The deployed roles are enough, every statement of them is needed, and nothing else is granted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from scripts.documents import roles
from tests.iam.figures import Figures
from tests.iam.stand import FEW, NOTHING_TO_DO, Stand, until

pytestmark = [pytest.mark.stack, pytest.mark.thorough]

VALIDATOR, RECONCILER, JOB, ENGINE = "validator", "reconciler", "job", "duckdb"
WAIT = 90

# What AWS asks for on its own behalf and no emulator can: held by tests/terraform/test_policies.py.
BY_THE_SERVICE = {
    "WriteOwnLogs": "Lambda and Glue write the logs",
    "WriteTraces": "Lambda sends the traces",
    "SendDeadLetters": "Lambda sends what failed",
    "EncryptDeadLetters": "SQS uses the key when Lambda sends",
    "ReadSecurityConfiguration": "Glue reads how to encrypt",
    "TellFailures": "Lambda calls the destination of what failed",
}
# Grants that only a fault in a single moment brings into use.
ONLY_WHEN_BROKEN = {
    "WriteRuns s3:AbortMultipartUpload": "S3A ends an upload in parts that failed",
    "FlipPartition glue:DeletePartition": "a table that a publication of before lacks",
    "TellMissingFromForbidden arn:aws:s3:::commerce-local-silver-000000000000": "an input is gone",
    "WriteSilver s3:DeleteObject": "two names of one file were uploaded at once",
    "ListLake arn:aws:s3:::commerce-local-bronze-000000000000": "a listed version goes",
}


def validator_works(stand: Stand, batch: str) -> bool:
    """A batch for either engine."""
    before, few = stand.dead_letters(), f"{batch}-few"
    stand.upload(batch)
    stand.upload(few, wrong=False, rows=FEW)
    return until(
        lambda: stand.promoted(batch) and stand.found_its_run(few),
        lambda: stand.dead_letters() > before,
        seconds=WAIT,
    )


def reconciler_works(stand: Stand, batch: str) -> bool:
    """Judges files whose notification was lost, starts, flips twice, deletes what is superseded."""
    bucket = stand.outputs["bronze_bucket"]
    answer: Any = stand.aws.s3.get_bucket_notification_configuration(Bucket=bucket)
    wiring = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    stand.aws.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    try:
        few = f"{batch}-few"
        stand.upload(batch)
        stand.upload(few, wrong=False, rows=FEW)
        if not stand.reconcile() or not stand.promoted(batch) or not stand.found_its_run(few):
            return False
    finally:
        stand.aws.s3.put_bucket_notification_configuration(
            Bucket=bucket,
            NotificationConfiguration=wiring,  # type: ignore[arg-type]
        )
    prefix = stand.publish_by_hand(batch)
    gold = stand.outputs["gold_bucket"]
    old = [
        f"{table}/batch_id={batch}/run_id=jr_old/part.parquet"
        for table in json.loads(stand.outputs["gold_tables"])
    ]
    for key in (f"{prefix}part.parquet", *old):
        stand.aws.s3.put_object(Bucket=gold, Key=key, Body=b"PAR1")
    wanted = f"s3://{gold}/{prefix}"
    if not stand.reconcile() or stand.location(batch) != wanted:
        return False
    if any(stand.keys("gold", key) for key in old):
        return False
    move_away(stand, batch)
    stand.forget()
    return stand.reconcile() and stand.location(batch) == wanted


def move_away(stand: Stand, batch: str) -> None:
    names: Any = {
        "DatabaseName": stand.outputs["glue_database"],
        "TableName": stand.outputs["gold_table"],
    }
    partition = stand.aws.glue.get_partition(**names, PartitionValues=[batch])["Partition"]
    elsewhere = {**partition["StorageDescriptor"], "Location": "s3://elsewhere/"}
    entry: Any = {"Values": [batch], "StorageDescriptor": elsewhere}
    stand.aws.glue.batch_update_partition(
        **names,
        Entries=[{"PartitionValueList": [batch], "PartitionInput": entry}],
    )


def job_works(stand: Stand, batch: str) -> bool:
    """Publishes a batch, and a corrected one in its place."""
    stand.upload(batch, wrong=False)
    if not published(stand, batch, 1):
        return False
    first = stand.location(batch)
    body = b'{"user_id":1,"full_name":"B","signed_up_at":"2026-01-02T03:04:05Z"}\n'
    key = f"{batch}/users-0002.json"
    stand.aws.s3.put_object(Bucket=stand.outputs["bronze_bucket"], Key=key, Body=body)
    return published(stand, batch, 2) and stand.location(batch) != first


def engine_works(stand: Stand, batch: str) -> bool:
    """Publishes a small batch, and a corrected one in its place."""
    before = stand.dead_letters(ENGINE)

    def failed() -> bool:
        return stand.dead_letters(ENGINE) > before

    stand.upload(batch, wrong=False, rows=FEW)
    if not until(lambda: bool(stand.location(batch)), failed, seconds=WAIT):
        return False
    first = stand.location(batch)
    body = b'{"user_id":1,"full_name":"B","signed_up_at":"2026-01-02T03:04:05Z"}\n'
    key = f"{batch}/users-0002.json"
    stand.aws.s3.put_object(Bucket=stand.outputs["bronze_bucket"], Key=key, Body=body)
    return until(lambda: stand.location(batch) != first, failed, seconds=WAIT)


def published(stand: Stand, batch: str, count: int) -> bool:
    def ended(*states: str) -> Callable[[], bool]:
        return lambda: sum(run["JobRunState"] in states for run in stand.runs(batch)) >= count

    return until(ended("SUCCEEDED"), ended("FAILED"), seconds=600) and bool(stand.location(batch))


FLOWS: dict[str, Callable[[Stand, str], bool]] = {
    VALIDATOR: validator_works,
    RECONCILER: reconciler_works,
    JOB: job_works,
    ENGINE: engine_works,
}


def role_of(part: str) -> str:
    return f"commerce-local-{part}"


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", list(FLOWS))
def test_every_statement_is_needed_and_every_grant_used(stand: Stand, part: str) -> None:
    role = role_of(part)
    if part == ENGINE:
        assert stand.outputs["duckdb_function"], "the build has no duckdb.zip"
    begun = time.monotonic()
    if part == JOB:
        stand.empty("quarantine", "rows/")  # a first run looks for the folders above its own
        stand.upload("cold", wrong=False)
        assert published(stand, "cold", 1)
        with stand.warm_job():
            removed, survived = removed_in_turn(stand, part)
    else:
        with stand.script(NOTHING_TO_DO):
            removed, survived = removed_in_turn(stand, part)
            if part == VALIDATOR:
                assert validator_works(stand, "lost-answer")
                assert until(lambda: stand.found_its_run("lost-answer"), lambda: False, WAIT)
                assert stand.announce_what_is_gone("gone")
    calls = stand.calls(role)
    used, unused = grants(stand, role, calls)
    figures = Figures(
        role=part,
        statements=removed,
        caught=removed - len(survived),
        grants=len(used) + len(unused),
        used=len(used),
        seconds=round(time.monotonic() - begun),
    )
    figures.tell()
    assert survived == []
    assert unused == []
    allowed = {call["sid"] for call in calls if call["decision"] == "Allow"}
    assert allowed <= sids(stand, role)


def removed_in_turn(stand: Stand, part: str) -> tuple[int, list[str]]:
    """How many statements were taken away, and those without which the flow still works."""
    role, flow = role_of(part), FLOWS[part]
    assert flow(stand, f"{part}-whole")
    stand.wipe(f"{part}-whole")
    assert [call for call in stand.calls(role) if call["decision"] != "Allow"] == []
    wanted = sorted(sids(stand, role) - set(BY_THE_SERVICE))
    survived = []
    for number, sid in enumerate(wanted):
        batch = f"{part}-without-{number}"
        with stand.without(role, sid):
            if flow(stand, batch):
                survived.append(sid)
            stand.wipe(batch)
    assert flow(stand, f"{part}-whole-again")
    return len(wanted), survived


def sids(stand: Stand, role: str) -> set[str]:
    return {item["Sid"] for item in stand.policy(role)["Statement"]}


def grants(stand: Stand, role: str, calls: list[dict[str, str]]) -> tuple[list[str], list[str]]:
    """Action and resource of each statement, apart by whether an allowed call has used it."""
    allowed = [call for call in calls if call["decision"] == "Allow"]
    used: list[str] = []
    unused: list[str] = []
    for item in stand.policy(role)["Statement"]:
        if item["Sid"] in BY_THE_SERVICE:
            continue
        own = [call for call in allowed if call["sid"] == item["Sid"]]
        actions = {call["action"] for call in own}
        hits = {action: action in actions for action in as_list(item["Action"])}
        for resource in as_list(item["Resource"]):
            hits[resource] = any(fnmatchcase(call["resource"], resource) for call in own)
        for grant, hit in hits.items():
            name = f"{item['Sid']} {grant}"
            if name not in ONLY_WHEN_BROKEN:
                (used if hit else unused).append(name)
    return used, unused


def test_the_page_says_what_was_counted() -> None:
    page = roles.PAGE.read_text()
    counted = roles.proven(page, roles.PROOF.read_text())
    assert page == counted, ".venv/bin/python -m scripts.documents.roles --proof"


def test_the_judge_has_seen_no_call_that_was_not_granted(stand: Stand) -> None:
    """Refusals are only those of the statements that were taken away on purpose."""
    refused = {
        (call["action"], call["resource"])
        for part in FLOWS
        for call in stand.calls(role_of(part))
        if call["decision"] != "Allow"
    }
    granted = {
        action
        for part in FLOWS
        for item in stand.policy(role_of(part))["Statement"]
        for action in as_list(item["Action"])
    }
    assert {action for action, _ in refused} <= granted, json.dumps(sorted(refused))
