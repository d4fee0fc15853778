"""The whole pipeline on fake AWS: all its parts are the real ones, but for Spark.

Times are those of the fake account's clock; nothing sleeps.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import quote_plus

from botocore.exceptions import BotoCoreError, ClientError

from lakegate import contract
from lakegate.aws.errors import LedgerError
from lakegate.aws.metrics import Metrics
from lakegate.aws.store import Store
from lakegate.contract.model import Engine as EngineChoice
from lakegate.files.move import Lake
from lakegate.files.validate import Validator
from lakegate.ledger import arrivals, catalog, keys, publication
from lakegate.ledger.engines.door import Starter
from lakegate.ledger.engines.function import Failure, FunctionStarter
from lakegate.ledger.engines.glue import GlueStarter
from lakegate.ledger.engines.heartbeat import SILENT_SECONDS, Pulse
from lakegate.ledger.gate import Gate, decide
from lakegate.ledger.records import Arrivals, Engine, Published
from lakegate.reconcile import standing
from lakegate.reconcile.budget import Budget
from lakegate.reconcile.reconciler import Reconciler
from lambda_validator import handler
from lambda_validator import report as validator_report
from tests.fakes.cloud import Cloud, ProcessDiedError
from tests.fakes.s3 import Version

ROOT = Path(__file__).parents[2]
JOB = "user_activity"
FUNCTION = "duckdb-engine"
ENGINES: tuple[Engine, ...] = ("spark", "duckdb")
STARTS = ("StartJobRun", "Invoke")
METRICS = Metrics("test/test", {**validator_report.UNITS, **standing.UNITS})
TABLE = "user_activity"
TABLES = (TABLE, "country_revenue")
DATABASE = "commerce"
BUCKETS = ("bronze", "silver", "gold", "quarantine", "control")
REFUSED = (BotoCoreError, ClientError, LedgerError)
TROUBLE = (*REFUSED, ProcessDiedError)
MINUTES_5 = 300

LINES = {
    "users": '{{"user_id": {0}, "signed_up_at": "2026-01-01T00:00:00Z"}}\n',
    "events": '{{"event_id": "e{0}", "user_id": 1, "event_type": "search", '
    '"occurred_at": "2026-01-02T00:00:00Z"}}\n',
    "orders": '{{"order_id": "o{0}", "user_id": 1, "ordered_at": "2026-01-02T00:00:00Z", '
    '"status": "paid"}}\n',
}


@functools.cache
def pipeline(engine: EngineChoice = "spark") -> contract.Contract:
    """The project's contract, with an engine."""
    return replace(contract.load(ROOT / "config/pipeline.yaml"), engine=engine)


def body(dataset: str, number: int = 1) -> bytes:
    """A valid file of one line; the number makes it differ from others."""
    return LINES[dataset].format(number).encode()


def stem_of(key: str) -> str:
    """`2026-11-22/events-0001.json` -> `events-0001`."""
    return key.rpartition("/")[2].removesuffix(".json")


@dataclass
class World:
    """One account with the pipeline deployed; `queue` holds notifications not yet delivered."""

    engine: EngineChoice = "spark"
    cloud: Cloud = dataclasses.field(default_factory=Cloud)
    queue: list[Version] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        self.contract = pipeline(self.engine)
        self.cloud.s3.buckets = {name: {} for name in BUCKETS}
        for table in TABLES:
            self.cloud.glue.tables[DATABASE, table] = {
                "Name": table,
                "StorageDescriptor": {"Location": f"s3://gold/{table}/", "Columns": []},
            }

    # The outside.

    def upload(self, key: str, content: bytes) -> Version:
        """A producer's put; its notification waits in the queue."""
        version = self.cloud.s3.put("bronze", key, content)
        self.queue.append(version)
        return version

    def upload_batch(self, batch: str, number: int = 1) -> None:
        """The three files of a batch."""
        for dataset in LINES:
            self.upload(f"{batch}/{dataset}.json", body(dataset, number))

    def upload_manifest(self, batch: str, *names: str) -> Version:
        """A manifest that lists file names."""
        document = {"version": 1, "files": list(names)}
        return self.upload(f"{batch}/_manifest.json", json.dumps(document).encode())

    # The pipeline's parts, each as a process of its own.

    def store(self) -> Store:
        return Store(self.cloud.client("s3"), "control", sleep=lambda _: None)

    def catalog(self) -> catalog.Catalog:
        tables = tuple(self.contract.gold_tables)
        return catalog.Catalog(self.cloud.client("glue"), DATABASE, tables, "gold")

    def validator(self) -> Validator:
        lake = Lake(self.cloud.client("s3"), "bronze", "silver", "quarantine")
        return Validator(self.contract, lake, self.store())

    def gate(self) -> Gate:
        store, clock = self.store(), self.cloud.clock
        glue, functions = self.cloud.client("glue"), self.cloud.client("lambda")
        engines: dict[Engine, Starter] = {
            "spark": GlueStarter(store, glue, glue, JOB, clock),
            "duckdb": FunctionStarter(store, functions, FUNCTION, clock),
        }
        return Gate(store, engines, self.contract, self.validator().announced)

    def notify(self, *versions: Version) -> None:
        """The validator's Lambda called with the notification of these versions."""
        with self.handler_time():
            self.handle(*versions)

    def handler_time(self) -> AbstractContextManager[Any]:
        """The validator's clock is this account's; once around all threads."""
        return mock.patch.object(handler, "datetime", mock.Mock(now=lambda _: self.cloud.now))

    def handle(self, *versions: Version) -> None:
        """As `notify`, where the clock is set already."""
        records = [event_record(version) for version in versions]
        handler.run({"Records": records}, self.validator(), self.gate(), METRICS)

    def reconcile(self, *, look_at_bronze: bool = True, failure: Failure | None = None) -> None:
        """One call of the reconciler's Lambda, with time enough."""
        self.reconcile_with(lambda: 150_000, look_at_bronze=look_at_bronze, failure=failure)

    def reconcile_with(
        self,
        remaining_ms: Callable[[], int],
        *,
        look_at_bronze: bool = True,
        failure: Failure | None = None,
    ) -> None:
        """One call of the reconciler's Lambda, with what it is told of the time left."""
        reconciler = Reconciler(
            self.validator(), self.gate(), self.catalog(), self.cloud.clock, METRICS
        )
        reconciler.run(Budget(remaining_ms), look_at_bronze=look_at_bronze, failure=failure)

    @property
    def runs(self) -> list[dict[str, Any]]:
        """What was started in either engine: Glue's runs, then the calls of the function."""
        return [*self.cloud.glue.runs, *self.cloud.functions.runs]

    def job(self, run: dict[str, Any]) -> Iterator[str]:
        """The run of either engine, stage by stage; each table gets the lines of all inputs."""
        if run in self.cloud.functions.runs:
            return self._reported(run)
        return self._work(run, run["Id"], "spark")

    def _reported(self, run: dict[str, Any]) -> Iterator[str]:
        """As the function goes: a run id of its own, and a report unless it is killed."""
        run["Deliveries"] = run.get("Deliveries", 0) + 1
        run_id, state, working = f"dk_{run['Id']}_{run['Deliveries']}", "FAILED", False
        try:
            for stage in self._work(run, run_id, "duckdb"):
                working = stage not in ("started", "second")
                yield stage
            state = "SUCCEEDED"
        finally:
            killed = isinstance(sys.exc_info()[1], ProcessDiedError | GeneratorExit)
            if working and not killed:
                self.report(run, run_id, state)

    def report(self, run: dict[str, Any], run_id: str, state: str, error_kind: str = "") -> None:
        """The report that a run leaves."""
        arguments = run["Arguments"]
        key = keys.revision(arguments["--BATCH_ID"], arguments["--REVISION"], "report")
        store = self.store()
        document = {"run_id": run_id, "state": state, "error_kind": error_kind, "error": "why"}
        earlier = store.get(key)
        condition = {"IfNoneMatch": "*"} if earlier is None else {"IfMatch": earlier[1]}
        body = json.dumps(document).encode()
        store.s3.put_object(Bucket=store.bucket, Key=key, Body=body, **condition)  # type: ignore[arg-type]

    def _work(self, run: dict[str, Any], run_id: str, engine: Engine) -> Iterator[str]:
        store, known = self.store(), self.catalog()
        batch, revision = run["Arguments"]["--BATCH_ID"], run["Arguments"]["--REVISION"]
        attempt = int(run["Arguments"]["--ATTEMPT"])
        run["JobRunState"] = "RUNNING"
        yield "started"
        names = batch, revision, attempt, run_id
        claim = publication.fence(store, *names, self.cloud.now, engine)
        if claim is None:
            yield "second"
            return
        if engine == "duckdb":
            ends_by = self.cloud.now + timedelta(seconds=900)
            Pulse(store, *names, ends_by, self.cloud.clock).beat()
        yield "fenced"
        tables = {name: keys.gold_run(name, batch, run_id) for name in known.tables}
        for number, item in enumerate(claim.inputs):
            content = store.s3.get_object(Bucket="silver", Key=item.silver_key)["Body"].read()
            for prefix in tables.values():
                name = f"{prefix}part-{number:05d}.parquet"
                store.s3.put_object(Bucket="gold", Key=name, Body=content)
            yield f"wrote {number}"
        rows = dict.fromkeys(tables, 1)
        publication.publish(store, claim, run_id, tables, rows, self.cloud.now)
        yield "published"
        catalog.flip(store, known, batch)
        yield "flipped"

    def room(self, runs: int) -> None:
        """Let both engines have room for so many runs at a time."""
        self.cloud.glue.max_concurrent = self.cloud.functions.max_concurrent = runs

    def twin(self, run: dict[str, Any]) -> None:
        """A second run for the same attempt, as when an answer was lost."""
        service = self.cloud.functions if run in self.cloud.functions.runs else self.cloud.glue
        service.runs.append({**run, "Id": "jr_twin"})

    def lose(self, run: dict[str, Any], state: str = "TIMEOUT") -> None:
        """A run is killed half-way: Glue lists how it ended, of the function nobody hears."""
        stages = self.job(run)
        while next(stages) != "fenced":
            pass
        run["JobRunState"] = state
        if run in self.cloud.functions.runs:
            self.cloud.sleep(SILENT_SECONDS + 1)

    # Time passes.

    def run_jobs(self) -> None:
        """Every run that was started comes to its end."""
        for run in [run for run in self.runs if run["JobRunState"] == "STARTING"]:
            self.finish(run, self.job(run))

    def finish(self, run: dict[str, Any], stages: Iterator[str]) -> None:
        """Run a job to its end, and let Glue note how it ended."""
        try:
            for _ in stages:
                pass
        except TROUBLE:
            run["JobRunState"] = "FAILED"
        else:
            run["JobRunState"] = "SUCCEEDED"

    def deliver(self, tries: int = 3) -> None:
        """Deliver the queue; what fails is tried again as Lambda does, then dead-lettered."""
        waiting, self.queue = self.queue, []
        for version in waiting:
            for _ in range(tries):
                if not self.fails(lambda item=version: self.notify(item)):  # type: ignore[misc]
                    break

    def fails(self, step: Callable[[], None]) -> bool:
        """Whether a process ended with trouble, or died; a fault of the code is raised."""
        try:
            step()
        except ExceptionGroup as group:
            known = group.subgroup(REFUSED)
            if known is None or len(known.exceptions) < len(group.exceptions):
                raise
            return True
        except TROUBLE:
            return True
        return False

    def settle(self, rounds: int = 12) -> None:
        """Let all parts do their work until a reconciler's call finds nothing to do."""
        self.deliver()
        for _ in range(rounds):
            self.run_jobs()
            self.fails(self.reconcile)
            self.cloud.sleep(MINUTES_5)
            live = any(run["JobRunState"] == "STARTING" for run in self.runs)
            if not live and all(self.is_published(batch) for batch in self.batches()):
                return

    # What can be seen from outside.

    def batches(self) -> list[str]:
        return sorted({key.split("/")[1] for key in self.contents("control", "batches/")})

    def contents(self, bucket: str, prefix: str = "") -> dict[str, bytes]:
        found = self.cloud.s3.contents(bucket)
        return {key: value for key, value in found.items() if key.startswith(prefix)}

    def peek(self, batch: str) -> tuple[Arrivals | None, Published | None]:
        """Index and pointer of a batch, without a call being counted or failing."""
        hook, calls = self.cloud.hook, list(self.cloud.calls)
        self.cloud.hook = None
        try:
            index = arrivals.load(self.store(), batch)
            pointer = publication.read(self.store(), batch)
        finally:
            self.cloud.hook, self.cloud.calls[:] = hook, calls
        return index.record if index else None, pointer.record if pointer else None

    def is_published(self, batch: str) -> bool:
        """Whether what is complete of a batch is what readers see."""
        index, pointer = self.peek(batch)
        if index is None:
            return True
        decision = decide(self.contract.gate.required, index)
        return not decision.complete or (
            pointer is not None
            and pointer.revision == decision.revision
            and self.follows(batch, pointer)
        )

    def follows(self, batch: str, pointer: Published) -> bool:
        """Whether the partitions of all tables are where the pointer says."""
        return all(
            self.location(batch, table) == f"s3://gold/{prefix}"
            for table, prefix in pointer.tables.items()
        )

    def location(self, batch: str, table: str = TABLE) -> str | None:
        partition = self.cloud.glue.partitions.get((DATABASE, table, batch))
        return partition["StorageDescriptor"]["Location"] if partition else None

    def readers_see(self, batch: str, table: str = TABLE) -> list[bytes] | None:
        """The content behind the catalog's partition of one table."""
        location = self.location(batch, table)
        if location is None:
            return None
        return sorted(self.contents("gold", location.removeprefix("s3://gold/")).values())

    def outcome(self) -> dict[str, Any]:
        """The end state that must not depend on what went wrong on the way."""
        return {
            "bronze": [version.version_id for _, version in self.written("bronze")],
            "silver": self.contents("silver"),
            "unfinished uploads": len(self.cloud.s3.uploads),
            "quarantine": sorted(self.contents("quarantine")),
            "readers": {
                batch: {table: self.readers_see(batch, table) for table in TABLES}
                for batch in self.batches()
            },
            "revisions": {
                batch: pointer and pointer.revision
                for batch in self.batches()
                for pointer in [self.peek(batch)[1]]
            },
        }

    def written(self, bucket: str) -> list[tuple[str, Version]]:
        return [item for item in self.cloud.s3.written if item[0] == bucket]


def event_record(version: Version) -> dict[str, Any]:
    """The record of an S3 notification for a version in bronze."""
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventTime": version.modified.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "eventName": "ObjectCreated:Put",
        "s3": {
            "bucket": {"name": "bronze"},
            "object": {
                "key": quote_plus(version.key),
                "size": len(version.body or b""),
                "eTag": version.etag.strip('"'),
                "versionId": version.version_id,
                "sequencer": version.sequencer,
            },
        },
    }


def at(text: str) -> datetime:
    """The moment of an ISO 8601 text."""
    return datetime.fromisoformat(text)
