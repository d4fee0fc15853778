"""One run: fence, read, write, check, publish, flip; and a report, whatever becomes of it."""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime

from pyspark.sql import SparkSession

from glue_jobs.arguments import Arguments
from lakegate.aws import codec
from lakegate.aws.store import Store
from lakegate.contract import Contract, to_json
from lakegate.ledger import catalog, keys, publication
from lakegate.ledger.catalog import Catalog
from lakegate.ledger.records import Claim
from lakegate.transform import artifacts, report
from lakegate.transform.engines.spark import session
from lakegate.transform.engines.spark.cause import TROUBLE, cause
from lakegate.transform.errors import InputError
from lakegate.transform.produce import Targets, produce
from lakegate.transform.report import Report

log = logging.getLogger(__name__)


def run(
    arguments: Arguments, contract: Contract, spark: SparkSession, store: Store, known: Catalog
) -> Report | None:
    """Publishes the revision and returns the report; None if another run has the attempt."""
    names = arguments.batch_id, arguments.revision, arguments.attempt, arguments.job_run_id
    claim = publication.fence(store, *names, _now())
    if claim is None:
        log.info("another run has this attempt, nothing to do")
        return None
    versions = report.versions(spark.version, to_json(contract), artifacts.code_version())
    result = Report(*names, started_at=codec.stamp(_now()), versions=versions)
    succeeded = False
    try:
        _work(arguments, contract, spark, claim, result)
        with result.stage("publish"):
            _publish(arguments, claim, result, store, known)
        succeeded = True
    except TROUBLE as error:
        result.error = cause(error)
        raise
    finally:
        result.state = "SUCCEEDED" if succeeded else "FAILED"
        _save(store, result)
    return result


def uris(claim: Claim, contract: Contract, bucket: str) -> dict[str, tuple[str, ...]]:
    """Each dataset that gold reads, to the URIs of its files.

    Raises InputError for a required one without any, unless an operator let the batch go without.
    """
    found = {
        dataset: tuple(
            f"s3://{bucket}/{item.silver_key}" for item in claim.inputs if item.dataset == dataset
        )
        for dataset in contract.read
    }
    for dataset in contract.gate.required:
        if dataset in found and not found[dataset] and dataset not in claim.without:
            raise InputError(f"{dataset}: revision {claim.revision} has no file of it")
    return found


def _work(
    arguments: Arguments, contract: Contract, spark: SparkSession, claim: Claim, result: Report
) -> None:
    batch, run_id = arguments.batch_id, arguments.job_run_id
    prefix = keys.gold_run(arguments.glue_table, batch, run_id)
    result.inputs = [asdict(item) for item in claim.inputs]
    result.gold = {"prefix": prefix}
    targets = Targets(
        table=arguments.glue_table,
        gold=f"s3://{arguments.gold_bucket}/{prefix}",
        rejected={
            name: f"s3://{arguments.quarantine_bucket}/{keys.rejected_rows(name, batch, run_id)}"
            for name in contract.read
        },
    )
    session.scale(spark, sum(item.size for item in claim.inputs))
    produce(spark, contract, uris(claim, contract, arguments.silver_bucket), targets, result)


def _publish(
    arguments: Arguments, claim: Claim, result: Report, store: Store, known: Catalog
) -> None:
    """Moves the pointer and then the partition; another revision may be the newer one."""
    pointer = publication.publish(
        store,
        claim,
        arguments.job_run_id,
        {arguments.glue_table: result.gold["prefix"]},
        {arguments.glue_table: result.gold["users"]},
        _now(),
    )
    result.published = {
        "revision": pointer.revision,
        "order": pointer.order,
        "run_id": pointer.run_id,
        "location": (catalog.flip(store, known, arguments.batch_id) or {}).get(
            arguments.glue_table
        ),
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


def _now() -> datetime:
    return datetime.now(UTC)
