"""A deployed pipeline under a strict judge, and the flows that every role exists for."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.config import Config

from lakegate.aws.store import Store
from lakegate.cli.lake import Clients
from lakegate.contract import Contract
from lakegate.ledger import arrivals, claims, gate, keys, publication
from local.backends.stack import Stack
from local.places import ROOT
from local.up.lakes import client_of

ROWS = 300
FEW = 150  # of a batch that is small enough for the function
SMALL_BYTES = 60_000
LONG = 900_000  # letters of a row, so that seven are more than a part of an upload
AT = "2026-01-02T03:04:05Z"
NOTHING_TO_DO = b"print('nothing to do')\n"


@dataclass
class Stand:
    """Clients of the account's root, the names of what is deployed, and the judge's journal."""

    stack: Stack
    journal: Path
    contract: Contract
    outputs: dict[str, str] = field(default_factory=dict)

    @cached_property
    def aws(self) -> Clients:
        return Clients(client_of(self.stack.endpoint))

    def client(self, service: str, config: Config | None = None) -> Any:
        """A client of the account's root for a service that the commands do not use."""
        given, session = self.stack.endpoint, cast(Any, boto3.Session())
        return session.client(
            service,
            config=config,
            endpoint_url=given["AWS_ENDPOINT_URL"],
            region_name=given["AWS_REGION"],
            aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
        )

    @cached_property
    def iam(self) -> Any:
        return self.client("iam")

    @property
    def store(self) -> Store:
        return Store(self.aws.s3, self.outputs["control_bucket"])

    def calls(self, role: str) -> list[dict[str, str]]:
        """What a role was judged on, each different call once."""
        lines = {
            line
            for line in self.journal.read_text().splitlines()
            if f":assumed-role/{role}/" in line
        }
        found = [json.loads(line) for line in lines]
        for call in found:
            del call["principal"]
        return [dict(item) for item in {tuple(sorted(call.items())) for call in found}]

    def policy(self, role: str) -> dict[str, Any]:
        answer = self.iam.get_role_policy(RoleName=role, PolicyName="all")
        document: dict[str, Any] = answer["PolicyDocument"]
        return document

    @contextmanager
    def without(self, role: str, sid: str) -> Iterator[None]:
        """The role without one statement of its policy."""
        whole = self.policy(role)
        rest = [item for item in whole["Statement"] if item["Sid"] != sid]
        assert len(rest) == len(whole["Statement"]) - 1, sid
        self._put(role, {**whole, "Statement": rest})
        try:
            yield
        finally:
            self._put(role, whole)

    def _put(self, role: str, document: dict[str, Any]) -> None:
        text = json.dumps(document)
        self.iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=text)

    def upload(self, batch: str, *, wrong: bool = True, rows: int = ROWS) -> None:
        """A batch of three small files with one bad row each; also, unless told otherwise, one that
        is converted in parts, and one whose end is cut off when parts of it were written."""
        found = files(rows)
        if wrong:
            array = json.dumps([event(f"long{n}", note="x" * LONG) for n in range(7)]).encode()
            found |= {"events-0001.json": array, "events-0002.json": array[:-10]}
        for name, body in found.items():
            key = f"{batch}/{name}"
            self.aws.s3.put_object(Bucket=self.outputs["bronze_bucket"], Key=key, Body=body)

    def announce_what_is_gone(self, batch: str) -> bool:
        """Tells the validator of a version that is not there; False when it had trouble."""
        key = f"{batch}/orders-0009.json"
        found = {"key": key, "size": 9, "versionId": "gone", "eTag": "0", "sequencer": "0A"}
        s3 = {"bucket": {"name": self.outputs["bronze_bucket"]}, "object": found}
        record = {"eventVersion": "2.1", "eventName": "ObjectCreated:Put", "s3": s3}
        return self._invoke("validator_function", json.dumps({"Records": [record]}).encode())

    def keys(self, layer: str, prefix: str) -> list[str]:
        answer = self.aws.s3.list_objects_v2(Bucket=self.outputs[f"{layer}_bucket"], Prefix=prefix)
        return [item["Key"] for item in answer.get("Contents", [])]

    def promoted(self, batch: str) -> bool:
        """Whether silver, quarantine and Glue have what the batch leads to."""
        silver = [
            self.keys("silver", f"{name}/batch_id={batch}/") for name in self.contract.datasets
        ]
        converted = f"events/batch_id={batch}/events-0001."
        return (
            all(silver)
            and bool(self.keys("silver", converted))
            and bool(self.keys("quarantine", f"files/{batch}/"))
            and bool(self.runs(batch))
        )

    def runs(self, batch: str) -> list[Any]:
        answer = self.aws.glue.get_job_runs(JobName=self.outputs["glue_job"])
        return [run for run in answer["JobRuns"] if run["Arguments"].get("--BATCH_ID") == batch]

    def found_its_run(self, batch: str) -> bool:
        """Whether the run of a batch is on record, its lost answer made good."""
        return any(key.endswith("/run.json") for key in self.keys("control", f"batches/{batch}/"))

    def dead_letters(self, function: str = "validator") -> int:
        """How many events a function has given up."""
        name = f"{self.outputs[f'{function}_function']}-dead-letters"
        answer = self.aws.queue.get_queue_attributes(
            QueueUrl=self.aws.queue.get_queue_url(QueueName=name)["QueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    @contextmanager
    def script(self, body: bytes) -> Iterator[None]:
        """Another script in the place of the deployed job's."""
        bucket, (key,) = (
            self.outputs["control_bucket"],
            [key for key in self.keys("control", "artifacts/") if key.endswith(".py")],
        )
        script = self.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        self.aws.s3.put_object(Bucket=bucket, Key=key, Body=body)
        try:
            yield
        finally:
            self.aws.s3.put_object(Bucket=bucket, Key=key, Body=script)

    @contextmanager
    def warm_job(self) -> Iterator[None]:
        """The deployed job in a process that stays: a run of its own, as the role, without end."""
        with self.script((Path(__file__).parent / "warm.py").read_bytes()):
            name = self.outputs["glue_job"]
            stays = self.aws.glue.start_job_run(JobName=name, Arguments={"--STAY": "yes"})
            try:
                yield
            finally:
                self.aws.glue.batch_stop_job_run(JobName=name, JobRunIds=[stays["JobRunId"]])

    def reconcile(self) -> bool:
        """One call of the reconciler; False when it had trouble."""
        return self._invoke("reconciler_function", b"{}")

    def _invoke(self, output: str, payload: bytes) -> bool:
        patient = Config(read_timeout=300, retries={"total_max_attempts": 1})
        answer = self.client("lambda", patient).invoke(
            FunctionName=self.outputs[output], Payload=payload
        )
        answer["Payload"].read()
        return "FunctionError" not in answer

    def wipe(self, batch: str) -> None:
        """Takes every trace of a batch away, so that nobody goes on with it."""
        places = product((("bronze", ""), ("control", "batches/")), (batch, f"{batch}-few"))
        for (layer, prefix), name in places:
            bucket, root = self.outputs[f"{layer}_bucket"], f"{prefix}{name}/"
            listed = self.aws.s3.list_object_versions(Bucket=bucket, Prefix=root)
            for item in listed.get("Versions", []):
                self.aws.s3.delete_object(
                    Bucket=bucket, Key=item["Key"], VersionId=item["VersionId"]
                )

    def empty(self, layer: str, prefix: str) -> None:
        """Nothing is there any more, as a reader sees it."""
        for key in self.keys(layer, prefix):
            self.aws.s3.delete_object(Bucket=self.outputs[f"{layer}_bucket"], Key=key)

    def forget(self) -> None:
        """Makes the reconciler look at everything again."""
        self.aws.s3.delete_object(
            Bucket=self.outputs["control_bucket"], Key="reconciler/state.json"
        )

    def publish_by_hand(self, batch: str) -> str:
        """The pointer of a batch moved as a run would have, without its partition; the prefix."""
        index = arrivals.load(self.store, batch)
        assert index is not None
        decision = gate.decide(self.contract.gate.required, index.record)
        claim = claims.read(self.store, batch, decision.revision)
        assert claim is not None
        table, now = self.outputs["gold_table"], datetime.now(UTC)
        prefix = keys.gold_run(table, batch, "jr_by_hand")
        publication.publish(
            self.store, claim.record, "jr_by_hand", {table: prefix}, {table: 0}, now
        )
        return prefix

    def location(self, batch: str) -> str:
        """Where the partition of a batch points; empty when there is none."""
        try:
            answer = self.aws.glue.get_partition(
                DatabaseName=self.outputs["glue_database"],
                TableName=self.outputs["gold_table"],
                PartitionValues=[batch],
            )
        except self.aws.glue.exceptions.EntityNotFoundException:
            return ""
        return answer["Partition"]["StorageDescriptor"]["Location"]


def event(name: str, user: int = 1, **more: str) -> dict[str, Any]:
    """One row of events."""
    row = {"event_id": name, "user_id": user, "event_type": "page_view", "occurred_at": AT}
    return row | more


def files(count: int = ROWS) -> dict[str, bytes]:
    """Small files by name; the last row of each has a wrong required field."""
    rows: dict[str, Callable[[int], dict[str, Any]]] = {
        "users": lambda n: {"user_id": n, "full_name": "A", "signed_up_at": AT},
        "events": lambda n: event(f"e{n}", n),
        "orders": lambda n: {
            "order_id": f"o{n}",
            "user_id": n,
            "ordered_at": AT,
            "status": "paid",
            "amount": "1.50",
        },
    }
    wrong = {"users": "signed_up_at", "events": "event_type", "orders": "status"}
    found = {}
    for name, row in rows.items():
        lines = [row(number) for number in range(count)]
        lines.append(
            {**row(0), wrong[name]: "wrong", f"{name[:-1]}_id": 999 if name == "users" else "x"}
        )
        found[f"{name}.json"] = "".join(json.dumps(line) + "\n" for line in lines).encode()
    return found


def until(reached: Callable[[], bool], lost: Callable[[], bool], seconds: float) -> bool:
    """Waits for the first of two ends; True when it is the good one."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if reached():
            return True
        if lost():
            return False
        time.sleep(0.2)
    return False


def start(stack: Stack, journal: Path) -> subprocess.Popen[bytes]:
    """The judge in the place of the stack's own server."""
    stack.places.create()
    settings = stack.places.state / "server.json"
    settings.write_text(json.dumps(stack._settings()))
    journal.touch()
    process = subprocess.Popen(
        [
            str(stack.toolchain.emulator_python),
            "-m",
            "tests.iam.server",
            str(settings),
            str(journal),
        ],
        cwd=ROOT,
        env=stack._environment(),
        stdin=subprocess.DEVNULL,
        stdout=stack.places.server_log.open("ab"),
        stderr=subprocess.STDOUT,
    )
    stack._wait_until_ready(process)
    return process
