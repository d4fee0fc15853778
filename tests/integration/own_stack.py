"""A stack of a test's own, that it may stop, start and torment; BACKEND says where."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from lakegate.aws.store import Store
from lakegate.cli.terminal.safe import Console
from lakegate.ledger import catalog, keys
from lakegate.ledger.records import Published
from local.backends import choice as backends
from local.backends.choice import Backend
from local.backends.ports import free_port
from local.places import Places
from local.up.program import Up
from local.up.steps import Steps


@dataclass
class OwnStack:
    """A running stack and what Terraform says of it."""

    stack: Backend
    outputs: dict[str, str]

    def client(self, service: str) -> Any:
        """A client of the emulator; calls may take long, and are repeated while it has no room."""
        config = Config(read_timeout=300, retries={"total_max_attempts": 20, "mode": "standard"})
        named = self.stack.endpoint
        session: Any = boto3.Session(
            named["AWS_ACCESS_KEY_ID"], named["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
        )
        url = named.get(f"AWS_ENDPOINT_URL_{service.upper()}", named["AWS_ENDPOINT_URL"])
        return session.client(service, endpoint_url=url, config=config)

    def restart(self) -> None:
        """Stop the emulator with everything it runs, and start it again on the same state.

        LocalStack, which keeps no state, goes on.
        """
        if self.stack.name == "localstack":
            return
        self.stack.stop()
        self.stack.start()

    def silence(self) -> None:
        """No notification leaves bronze any more, and no rule calls the reconciler."""
        self.client("s3").put_bucket_notification_configuration(
            Bucket=self.outputs["bronze_bucket"], NotificationConfiguration={}
        )
        events = self.client("events")
        for rule in events.list_rules()["Rules"]:
            if self.outputs["reconciler_function"] in rule["Name"]:
                events.disable_rule(Name=rule["Name"])

    def reconcile(self) -> None:
        """One call of the reconciler, to its end. Raises what it raised."""
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs["reconciler_function"], Payload=b"{}"
        )
        if answer.get("FunctionError"):
            raise RuntimeError(answer["Payload"].read().decode())

    def store(self) -> Store:
        return Store(self.client("s3"), self.outputs["control_bucket"])

    def published(self, batch: str) -> Published | None:
        """The pointer of a batch."""
        stored = self.store().read(Published, keys.published(batch))
        return stored.record if stored else None

    def location(self, batch: str) -> str | None:
        """Where the catalog sends readers."""
        table = self.outputs["gold_table"]
        known = catalog.Catalog(
            self.client("glue"),
            self.outputs["glue_database"],
            (table,),
            self.outputs["gold_bucket"],
        )
        return catalog.current(known, table, batch)

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """All keys of a layer's bucket below a prefix."""
        pages = (
            self.client("s3")
            .get_paginator("list_objects_v2")
            .paginate(Bucket=self.outputs[f"{bucket}_bucket"], Prefix=prefix)
        )
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def runs(self) -> list[dict[str, Any]]:
        """All runs of the job, newest first."""
        pages = (
            self.client("glue")
            .get_paginator("get_job_runs")
            .paginate(JobName=self.outputs["glue_job"])
        )
        return [run for page in pages for run in page["JobRuns"]]


@contextmanager
def own_stack(folder: Path) -> Iterator[OwnStack]:
    """A fresh stack below a folder, on a free port, stopped at the end."""
    places = Places(folder)
    stack, _ = backends.choose(os.environ.get("BACKEND") or "embedded", places, free_port())
    try:
        outputs = Up(stack, places, Steps(Console(stderr=True, quiet=True))).deploy()
        yield OwnStack(stack, outputs)
    finally:
        stack.stop()


def event(bucket: str, key: str, version: dict[str, Any], sequencer: int) -> bytes:
    """The notification of an uploaded version."""
    item = {
        "key": key,
        "versionId": version["VersionId"],
        "eTag": version["ETag"].strip('"'),
        "sequencer": f"{sequencer:018X}",
    }
    record = {
        "eventVersion": "2.1",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket}, "object": item},
    }
    return json.dumps({"Records": [record]}).encode()
