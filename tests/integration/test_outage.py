"""The pipeline paused, and without a permission: what arrives meanwhile is not lost."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lakegate.ledger import arrivals, claims, gate, keys
from lakegate.ledger.records import Claim
from tests.faults.world import LINES, body
from tests.integration.batch import Batch
from tests.integration.conftest import World
from tests.integration.job_script import QUICK, job_script
from tests.integration.own_stack import OwnStack
from tests.integration.test_cli import lakegate

pytestmark = pytest.mark.stack

PATIENCE_SECONDS = 180


@pytest.fixture
def stack(world: World) -> Iterator[OwnStack]:
    """The shared stack, with a job that needs no Spark."""
    with job_script(world, QUICK):
        yield OwnStack(world.backend, world.outputs)


@contextmanager
def rules_disabled(stack: OwnStack) -> Iterator[None]:
    """No rule calls the reconciler."""
    events = stack.client("events")
    rules = [rule["Name"] for rule in events.list_rules()["Rules"]]
    ours = [name for name in rules if stack.outputs["reconciler_function"] in name]
    assert ours
    for name in ours:
        events.disable_rule(Name=name)
    try:
        yield
    finally:
        for name in ours:
            events.enable_rule(Name=name)


@contextmanager
def paused(stack: OwnStack) -> Iterator[None]:
    """Neither function runs: as docs/ledger.md says, by rules and reserved concurrency."""
    functions, name = stack.client("lambda"), stack.outputs["validator_function"]
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        with rules_disabled(stack):
            yield
    finally:
        functions.delete_function_concurrency(FunctionName=name)


@contextmanager
def without_writing(stack: OwnStack, function: str, layer: str) -> Iterator[None]:
    """A function's role may not write into a layer, as after a mistaken change of policies."""
    iam, functions = stack.client("iam"), stack.client("lambda")
    name = stack.outputs[f"{function}_function"]
    role = functions.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    resource = f"arn:aws:s3:::{stack.outputs[f'{layer}_bucket']}/*"
    denied = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": resource}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    iam.put_role_policy(RoleName=role, PolicyName="mistaken", PolicyDocument=policy)
    try:
        yield
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="mistaken")


def put(stack: OwnStack, key: str, content: bytes) -> str:
    """The version id of an upload."""
    answer = stack.client("s3").put_object(
        Bucket=stack.outputs["bronze_bucket"], Key=key, Body=content
    )
    version: str = answer["VersionId"]
    return version


def wait(what: str, look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not look():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)


def is_published(stack: OwnStack, batch: Batch) -> bool:
    """Whether readers see the newest of what has arrived."""
    index, pointer = arrivals.load(stack.store(), batch.name), stack.published(batch.name)
    if index is None or pointer is None:
        return False
    decision = gate.decide(batch.contract.gate.required, index.record)
    return decision.complete and decision.revision == pointer.revision


def silver_keys(stack: OwnStack, batch: str) -> list[str]:
    return [key for name in LINES for key in stack.keys("silver", f"{name}/batch_id={batch}/")]


def test_what_arrives_while_all_is_paused_is_validated_and_published_afterwards(
    world: World, stack: OwnStack
) -> None:
    plain, mended = world.batch("paused-a"), world.batch("paused-b")
    accepted: dict[str, list[str]] = {plain.name: [], mended.name: []}
    with paused(stack):
        for batch in (plain, mended):
            for name in LINES:
                version = put(stack, f"{batch.name}/{name}.json", body(name))
                accepted[batch.name].append(keys.short_version(version))
        refused = put(stack, f"{mended.name}/orders.json", b"[1]\n")
        newest = put(stack, f"{mended.name}/orders.json", body("orders", 2))
        accepted[mended.name].append(keys.short_version(newest))
        time.sleep(3)  # long enough for a function that would run all the same
        for batch in (plain, mended):
            assert arrivals.load(stack.store(), batch.name) is None
            assert silver_keys(stack, batch.name) == []
            assert stack.keys("quarantine", f"files/{batch.name}/") == []
    stack.reconcile()  # what its schedule does within five minutes
    for batch in (plain, mended):
        wait(f"{batch.name} is published", lambda batch=batch: is_published(stack, batch))  # type: ignore[misc]
        found = sorted(key.rsplit(".", 2)[1] for key in silver_keys(stack, batch.name))
        assert found == sorted(accepted[batch.name])
    assert stack.keys("quarantine", f"files/{plain.name}/") == []
    record = keys.rejection(mended.name, "orders", keys.short_version(refused))
    assert stack.keys("quarantine", f"files/{mended.name}/") == [record]
    pointer = stack.published(mended.name)
    assert pointer is not None
    (gold,) = stack.keys("gold", pointer.tables[stack.outputs["gold_table"]])
    read = stack.client("s3").get_object(Bucket=stack.outputs["gold_bucket"], Key=gold)
    assert body("orders", 2) in read["Body"].read()


def queue_of(stack: OwnStack, function: str) -> str:
    """The URL of a function's dead letters."""
    name = stack.outputs[f"{function}_function"]
    url: str = stack.client("sqs").get_queue_url(QueueName=f"{name}-dead-letters")["QueueUrl"]
    return url


def letters(stack: OwnStack, queue: str) -> int:
    """Dead letters that nobody is reading now."""
    names = ["ApproximateNumberOfMessages"]
    answer: dict[str, Any] = stack.client("sqs").get_queue_attributes(
        QueueUrl=queue, AttributeNames=names
    )
    return int(answer["Attributes"][names[0]])


def order(stack: OwnStack, batch: Batch) -> int | None:
    """The order of what readers see."""
    pointer = stack.published(batch.name)
    return pointer.order if pointer else None


refused = pytest.mark.skipif(
    os.environ.get("BACKEND") == "localstack",
    reason="LocalStack refuses nobody anything, so that no call fails, see docs/localstack.md",
)


@refused
def test_a_run_on_duckdb_that_failed_is_followed_without_the_schedule(
    world: World, stack: OwnStack
) -> None:
    batch = world.batch("gave-up")

    def claim() -> Claim:
        stored = claims.read(stack.store(), batch.name, batch.revision())
        assert stored is not None
        return stored.record

    with rules_disabled(stack):
        for name in LINES:
            put(stack, f"{batch.name}/{name}.json", body(name))
        wait(f"{batch.name} is published", lambda: is_published(stack, batch))
        queue = queue_of(stack, "duckdb")
        before = letters(stack, queue)
        with without_writing(stack, "duckdb", "gold"):
            lakegate(world, "replay", batch.name, "--engine", "duckdb")
            wait("the next attempt", lambda: claim().attempt == 3)
            wait("two letters", lambda: letters(stack, queue) == before + 2)
        assert [(end.engine, end.state) for end in claim().ended] == [("duckdb", "FAILED")]
        stack.reconcile()  # a second failure within a minute is left to the schedule
        wait("gold of the replay", lambda: order(stack, batch) == claim().order)
        assert (claim().engine, claim().attempt) == ("duckdb", 4)
        told = json.loads(lakegate(world, "redrive", "--json"))
        assert told[stack.outputs["duckdb_function"]]["handled"] == before + 2


@refused
def test_dead_letters_are_redriven_by_one_command(world: World, stack: OwnStack) -> None:
    batch = world.batch("dead")
    with rules_disabled(stack):
        queue = queue_of(stack, "validator")
        before = letters(stack, queue)
        with without_writing(stack, "validator", "silver"):
            for name in LINES:
                put(stack, f"{batch.name}/{name}.json", body(name))
            wait("three dead letters", lambda: letters(stack, queue) == before + len(LINES))
        assert arrivals.load(stack.store(), batch.name) is None
        assert stack.keys("quarantine", f"files/{batch.name}/") == []
        told = json.loads(lakegate(world, "redrive", "--json"))
        validator = told.pop(stack.outputs["validator_function"])
        assert validator == {"handled": before + len(LINES), "failed": 0, "unreadable": 0}
        assert all(set(other.values()) == {0} for other in told.values())
        wait(f"{batch.name} is published", lambda: is_published(stack, batch))
    assert letters(stack, queue) == 0
    assert len(silver_keys(stack, batch.name)) == len(LINES)


def test_copies_have_the_key_of_the_stack(world: World, stack: OwnStack) -> None:
    batch = world.batch("keyed")
    for name in LINES:
        put(stack, f"{batch.name}/{name}.json", body(name))
    wait("copies", lambda: len(silver_keys(stack, batch.name)) == len(LINES))
    s3, silver = stack.client("s3"), stack.outputs["silver_bucket"]
    for key in silver_keys(stack, batch.name):
        told = s3.head_object(Bucket=silver, Key=key)
        assert told["ServerSideEncryption"] == "aws:kms"
        assert told["SSEKMSKeyId"] == stack.outputs["kms_key_arn"]
