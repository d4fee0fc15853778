"""One run: fence, read, write, check, publish, flip; and a report, whatever becomes of it.

The order exists here alone. What differs between engines is behind `engines.protocol`.
"""

from __future__ import annotations

import logging
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from botocore.exceptions import BotoCoreError, ClientError

from lakegate.aws import codec, settings
from lakegate.aws.errors import LedgerError
from lakegate.aws.store import Store
from lakegate.contract import Contract, to_json
from lakegate.ledger import catalog, claims, keys, publication
from lakegate.ledger.catalog import Catalog
from lakegate.ledger.records import REFUSED, Claim, Ended, Input
from lakegate.ledger.records import Engine as EngineName
from lakegate.transform import artifacts, report
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.protocol import Engine, SilverFile
from lakegate.transform.errors import InputError, JobError
from lakegate.transform.produce import Inputs, Targets, produce
from lakegate.transform.report import Report

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

log = logging.getLogger(__name__)

# What a run can fail of without a mistake in the code, beside the engine's own errors.
TROUBLE: tuple[type[Exception], ...] = (JobError, LedgerError, BotoCoreError, ClientError)


@dataclass(frozen=True)
class Attempt:
    """One attempt at a revision, made by one run."""

    batch: str
    revision: str
    number: int
    run_id: str


@dataclass(frozen=True)
class Buckets:
    """Where a run reads and writes rows."""

    silver: str
    gold: str
    quarantine: str


def run(  # noqa: PLR0913, PLR0917 - each is a thing of its own
    attempt: Attempt,
    project: Project,
    engine: Engine,
    buckets: Buckets,
    store: Store,
    known: Catalog,
) -> Report | None:
    """Publishes the revision and returns the report; None if another run has the attempt."""
    names = attempt.batch, attempt.revision, attempt.number, attempt.run_id
    claim = publication.fence(store, *names, _now(), cast("EngineName", engine.name))
    if claim is None:
        log.info("another run has this attempt, nothing to do")
        return None
    result = Report(
        *names,
        started_at=codec.stamp(_now()),
        versions=report.versions(
            engine.name, engine.version, to_json(project.contract), artifacts.code_version()
        ),
        engine=engine.name,
        function_mib=settings.function_mib(os.environ),
    )
    succeeded = False
    try:
        with engine:  # which then gives signs of life
            require_accepted(store.s3, buckets.silver, claim)
            _work(project, engine, claim, buckets, result)
        with result.stage("publish"):
            _publish(claim, result, store, known)
        succeeded = True
    except TROUBLE + engine.trouble as error:
        result.error = cause(error, engine)
        result.error_kind = error.kind if isinstance(error, JobError) else None
        raise
    finally:
        result.state = "SUCCEEDED" if succeeded else "FAILED"
        _save(store, result)
        if result.error_kind == REFUSED:
            _refuse(store, claim, result)
    return result


def cause(error: BaseException, engine: Engine) -> str:
    """What made a run fail, in one line."""
    if isinstance(error, TROUBLE):
        return f"{type(error).__name__}: {error}".strip().splitlines()[0]
    return engine.cause(error)


def inputs(claim: Claim, contract: Contract, bucket: str) -> Inputs:
    """Each dataset that a run reads, to its files.

    Raises InputError for a required one without any, unless an operator let the batch go without.
    """
    found = {
        dataset: tuple(
            SilverFile(f"s3://{bucket}/{item.silver_key}", item.size, item.casts, item.etag)
            for item in claim.inputs
            if item.dataset == dataset
        )
        for dataset in contract.read
    }
    for dataset in contract.gate.required:
        if dataset in found and not found[dataset] and dataset not in claim.without:
            raise InputError(f"{dataset}: revision {claim.revision} has no file of it")
    return found


def require_accepted(s3: S3Client, bucket: str, claim: Claim) -> None:
    """Raises InputError for a file of the claim that silver does not hold as it was accepted.

    One listing tells sizes and ETags of a thousand files; no engine reads anything before.
    """
    for folder in sorted({_folder(item) for item in claim.inputs}):
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
        found = {item["Key"]: item for page in pages for item in page.get("Contents", ())}
        for item in claim.inputs:
            if _folder(item) != folder:
                continue
            uri, there = f"s3://{bucket}/{item.silver_key}", found.get(item.silver_key)
            if there is None:
                raise InputError(f"{uri} is not there")
            if item.size and there["Size"] != item.size:
                raise InputError(f"{uri} has {there['Size']} bytes, {item.size} were accepted")
            if item.etag and there["ETag"].strip('"') != item.etag.strip('"'):
                raise InputError(f"{uri} is not what was accepted")


def _folder(item: Input) -> str:
    return item.silver_key.rpartition("/")[0] + "/"


def _work(project: Project, engine: Engine, claim: Claim, buckets: Buckets, result: Report) -> None:
    contract, batch, run_id = project.contract, result.batch, result.run_id
    result.inputs = [asdict(item) for item in claim.inputs]
    result.gold = {
        table: {"prefix": keys.gold_run(table, batch, run_id)} for table in contract.gold_tables
    }
    targets = Targets(
        gold={
            table: f"s3://{buckets.gold}/{facts['prefix']}" for table, facts in result.gold.items()
        },
        rejected={
            name: f"s3://{buckets.quarantine}/{keys.rejected_rows(name, batch, run_id)}"
            for name in contract.read
        },
    )
    files = inputs(claim, contract, buckets.silver)
    produce(engine, project, files, targets, result)


def _publish(claim: Claim, result: Report, store: Store, known: Catalog) -> None:
    """Moves the pointer and then the partitions; another revision may be the newer one."""
    pointer = publication.publish(
        store,
        claim,
        result.run_id,
        {table: facts["prefix"] for table, facts in result.gold.items()},
        {table: facts["rows"] for table, facts in result.gold.items()},
        _now(),
    )
    result.published = {
        "revision": pointer.revision,
        "order": pointer.order,
        "run_id": pointer.run_id,
        "locations": catalog.flip(store, known, claim.batch),
    }


def _save(store: Store, result: Report) -> None:
    """Puts the report on a condition: the ledger's bucket policy refuses any other put."""
    key = keys.revision(result.batch, result.revision, "report")
    earlier = store.get(key)
    condition = {"IfNoneMatch": "*"} if earlier is None else {"IfMatch": earlier[1]}
    store.s3.put_object(
        Bucket=store.bucket,
        Key=key,
        Body=result.to_json(),
        ContentType="application/json",
        **condition,  # type: ignore[arg-type]
    )


def _refuse(store: Store, claim: Claim, result: Report) -> None:
    """Ends the attempt in the claim; where that fails, the reconciler finds the report."""
    engine, at = cast("EngineName", result.engine), codec.stamp(_now())
    why = result.error or ""
    ended = Ended(result.attempt, result.run_id, result.state, at, engine, REFUSED, error=why)
    try:
        claims.refuse(store, claim, ended)
    except TROUBLE:
        log.warning("the claim does not hold the verdict yet", exc_info=True)


def _now() -> datetime:
    return datetime.now(UTC)
