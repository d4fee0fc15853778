"""Puts files into bronze and follows them to gold, through the records that the pipeline keeps."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from botocore.exceptions import ClientError

from lakegate.aws.store import Store
from lakegate.cli.lake import Clients
from lakegate.contract import Contract
from lakegate.ledger import arrivals, claims, gate, keys
from lakegate.ledger.records import Published, Run
from local.errors import FlowError

if TYPE_CHECKING:
    from local.backends.choice import Backend

POLL_SECONDS = 0.2
JUDGED_SECONDS = 300
STARTED_SECONDS = 120
PUBLISHED_SECONDS = 30
ENDED = {"SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED", "ERROR"}
T = TypeVar("T")
Say = Callable[[str], None]


@dataclass
class Batch:
    """One batch on its way: `versions` are the bronze versions of this upload, by stem."""

    name: str
    clients: Clients
    outputs: dict[str, str]
    contract: Contract
    backend: Backend
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The control bucket."""
        return Store(self.clients.s3, self.outputs["control_bucket"])

    def upload(self, folder: Path, say: Say) -> None:
        """Puts every dataset file of the folder into bronze, as any producer would."""
        files = sorted(path for path in folder.glob("*.json") if path.name != "expected.json")
        total = sum(path.stat().st_size for path in files)
        with ThreadPoolExecutor(4) as pool:
            for path, version in zip(files, pool.map(self._put, files), strict=True):
                if path.stem != "_manifest":
                    self.versions[path.stem] = version
                say(f"{len(self.versions)} files")
        say(f"{len(files)} files, {total / 1e6:,.1f} MB to s3://{self.outputs['bronze_bucket']}")

    def wait_judged(self, say: Say) -> None:
        """Until the validator has accepted each file. FlowError with the reason of a rejection."""

        def judged() -> bool | None:
            index = arrivals.load(self.store, self.name)
            known = index.record.accepted if index else {}
            waiting = [
                stem
                for stem, version in self.versions.items()
                if keys.short_version(version) not in known.get(stem, ())
            ]
            say(f"{len(self.versions) - len(waiting)} of {len(self.versions)} files")
            for stem in waiting:
                self._raise_if_rejected(stem)
            return None if waiting else True

        self._wait(judged, JUDGED_SECONDS, "the validator has not judged every file")

    def wait_started(self, say: Say) -> str:
        """Until the job runs on exactly these files; returns the id of the Glue run."""
        revision = self.revision()

        def started() -> str | None:
            claim = claims.read(self.store, self.name, revision)
            run = self.store.read(Run, keys.run(self.name, revision))
            if claim is not None and run is not None and run.record.attempt == claim.record.attempt:
                return run.record.run_id
            if claim is not None:
                say(f"revision {revision} is claimed, attempt {claim.record.attempt}")
            return None

        run_id = self._wait(started, STARTED_SECONDS, f"no run was started for {revision}")
        say(f"revision {revision}, run {run_id[:15]}…")
        return run_id

    def wait_run(self, run_id: str, say: Say) -> None:
        """Until the run has ended well. FlowError with Spark's reason otherwise."""
        while True:
            run = self.clients.glue.get_job_run(JobName=self.outputs["glue_job"], RunId=run_id)
            state = run["JobRun"]["JobRunState"]
            say(state.lower())
            if state in ENDED:
                break
            time.sleep(POLL_SECONDS)
        if state != "SUCCEEDED":
            reason = run["JobRun"].get("ErrorMessage") or "no reason given"
            raise FlowError(f"the job run {state.lower()}: {reason}", self._log(run_id))

    def wait_published(self, run_id: str) -> Published:
        """The pointer, once it shows what this run wrote."""

        def published() -> Published | None:
            pointer = self.store.read(Published, keys.published(self.name))
            return pointer.record if pointer and pointer.record.run_id == run_id else None

        silent = f"the run ended, but published nothing; {self._log(run_id)}"
        return self._wait(published, PUBLISHED_SECONDS, silent)

    def revision(self) -> str:
        """The id of the revision that the newest accepted files make. FlowError if incomplete."""
        index = arrivals.load(self.store, self.name)
        assert index is not None
        decision = gate.decide(self.contract.gate.required, index.record)
        if not decision.complete:
            raise FlowError(
                f"batch {self.name} is incomplete", f"missing: {', '.join(decision.missing)}"
            )
        return decision.revision

    def _put(self, path: Path) -> str:
        bucket, key = self.outputs["bronze_bucket"], f"{self.name}/{path.name}"
        self.clients.s3.upload_file(str(path), bucket, key)
        return self.clients.s3.head_object(Bucket=bucket, Key=key)["VersionId"]

    def _raise_if_rejected(self, stem: str) -> None:
        short = keys.short_version(self.versions[stem])
        key = keys.rejection(self.name, stem, short)
        bucket = self.outputs["quarantine_bucket"]
        try:
            record = json.loads(self.clients.s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return
            raise
        raise FlowError(f"{stem}.json was rejected: {_reason(record)}", f"s3://{bucket}/{key}")

    def _wait(self, look: Callable[[], T | None], seconds: float, silent: str) -> T:
        deadline = time.monotonic() + seconds
        looks = 0
        while time.monotonic() < deadline:
            found = look()
            if found is not None:
                return found
            looks += 1
            if looks % 10 == 0:
                self._raise_if_dead_letters()
            time.sleep(POLL_SECONDS)
        group = f"/aws/lambda/{self.outputs['validator_function']}"
        raise FlowError(f"{silent} after {seconds:.0f} s", f"log group {group}")

    def _raise_if_dead_letters(self) -> None:
        url = self.outputs["dead_letter_queue_url"]
        received = self.clients.queue.receive_message(
            QueueUrl=url, VisibilityTimeout=0, MaxNumberOfMessages=10
        )
        for message in received.get("Messages", []):
            body = message["Body"]
            if any(version in body for version in self.versions.values()):
                error = json.loads(body).get("responsePayload", {})
                raise FlowError(
                    f"the validator failed: {error.get('errorMessage', body[:300])}",
                    f"dead letter queue {url}",
                )

    def _log(self, run_id: str) -> str:
        return f"log: {self.backend.run_log(run_id)}"


def _reason(record: dict[str, Any]) -> str:
    """Why a file was rejected and what its producer should do."""
    parts = [str(record[name]) for name in ("code", "detail", "fix") if record.get(name)]
    return ". ".join(part.rstrip(".") for part in parts) or json.dumps(record)


def gold_files(batch: Batch) -> list[str]:
    """Keys of the Parquet files that the catalog shows for the batch."""
    partition = batch.clients.glue.get_partition(
        DatabaseName=batch.outputs["glue_database"],
        TableName=batch.outputs["gold_table"],
        PartitionValues=[batch.name],
    )
    location = partition["Partition"]["StorageDescriptor"]["Location"]
    prefix = location.removeprefix(f"s3://{batch.outputs['gold_bucket']}/").rstrip("/") + "/"
    pages = batch.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=batch.outputs["gold_bucket"], Prefix=prefix
    )
    found = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return [key for key in found if key.endswith(".parquet")]


def read_gold(batch: Batch, files: list[str]) -> pa.Table:
    """The rows of Parquet files of gold."""
    bucket = batch.outputs["gold_bucket"]
    tables = []
    for key in files:
        body = batch.clients.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        tables.append(pq.read_table(io.BytesIO(body)))
    return pa.concat_tables(tables)


def counts(batch: Batch, published: Published) -> dict[str, dict[str, Any]]:
    """Counts per dataset out of the job's report."""
    found = batch.store.get(keys.revision(batch.name, published.revision, "report"))
    datasets: dict[str, dict[str, Any]] = found[0].get("datasets", {}) if found else {}
    return datasets
