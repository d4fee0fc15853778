"""Starting a Glue run once, and finding out what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import ClientError

from lakegate.aws import codec
from lakegate.aws.store import UNANSWERED, Store, Stored
from lakegate.ledger import claims, keys
from lakegate.ledger.records import Claim, Run

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import JobRunTypeDef

REFUSED = frozenset(
    {
        "ConcurrentRunsExceededException",
        "ResourceNumberLimitExceededException",
        "ThrottlingException",
        "Throttling",
        "RequestLimitExceeded",
        "TooManyRequestsException",
    }
)
UNCERTAIN = frozenset({"OperationTimeoutException", "InternalServiceException", "RequestTimeout"})
LIVE = frozenset({"STARTING", "RUNNING", "STOPPING", "WAITING"})
PAGES = 10

StartResult = Literal["started", "pending", "unknown"]


def start(
    store: Store, glue: GlueClient, job_name: str, stored: Stored[Claim], now: datetime
) -> StartResult:
    """Start the claimed attempt and record its run; only the claim's owner may call this.

    A refusal by capacity releases the claim (`pending`). A lost answer is looked up in GetJobRuns;
    what is not found there may still come, so the claim stays and is looked at when it is stale
    (`unknown`). Any other error releases the claim and propagates.
    """
    claim = stored.record
    try:
        answer = glue.start_job_run(
            JobName=job_name,
            Arguments={
                "--BATCH_ID": claim.batch,
                "--REVISION": claim.revision,
                "--ATTEMPT": str(claim.attempt),
            },
        )
        run_id: str | None = answer["JobRunId"]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if code in UNCERTAIN or (status >= 500 and code not in REFUSED):
            run_id = _recorded_by_glue(glue, job_name, claim)
        else:
            claims.change(store, stored, claims.released(claim))
            if code in REFUSED:
                return "pending"
            raise
    except UNANSWERED:
        run_id = _recorded_by_glue(glue, job_name, claim)
    if run_id is None:
        return "unknown"
    note(store, claim, run_id, now)
    return "started"


def note(store: Store, claim: Claim, run_id: str, now: datetime) -> None:
    """Record the run of the claim's attempt, unless a run of it or of a later one is recorded."""
    key = keys.run(claim.batch, claim.revision)
    record = Run(claim.batch, claim.revision, claim.attempt, run_id, codec.stamp(now))
    while not store.create(key, record):
        stored = store.read(Run, key)
        if stored is None:
            continue
        if stored.record.attempt >= claim.attempt or store.replace(key, record, stored.etag):
            return


def of_attempt(run: JobRunTypeDef, revision: str, attempt: int) -> bool:
    """Whether a run was started for that attempt of that revision."""
    arguments = run.get("Arguments", {})
    return (arguments.get("--REVISION"), arguments.get("--ATTEMPT")) == (revision, str(attempt))


def listed(glue: GlueClient, job_name: str, pages: int = PAGES) -> Iterator[JobRunTypeDef]:
    """The runs of the job, newest first as Glue lists them, at most so many pages of 200."""
    token = ""
    for _ in range(pages):
        answer = (
            glue.get_job_runs(JobName=job_name, MaxResults=200, NextToken=token)
            if token
            else glue.get_job_runs(JobName=job_name, MaxResults=200)
        )
        yield from answer["JobRuns"]
        token = answer.get("NextToken", "")
        if not token:
            return


def _recorded_by_glue(glue: GlueClient, job_name: str, claim: Claim) -> str | None:
    for run in listed(glue, job_name, pages=1):
        if of_attempt(run, claim.revision, claim.attempt):
            return run["Id"]
    return None
