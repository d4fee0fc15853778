"""Spark on AWS Glue, which lists its runs: the only truth about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from lakegate.aws import codec
from lakegate.aws.store import UNANSWERED, Store
from lakegate.ledger import claims, keys
from lakegate.ledger.engines import door
from lakegate.ledger.engines.choice import VANISHED
from lakegate.ledger.engines.door import LIVE, UNSTARTED, Seen, Started
from lakegate.ledger.records import Claim, Engine, Fence, Run

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_glue.type_defs import JobRunTypeDef

NO_ROOM = frozenset(
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
LIVE_STATES = frozenset({"STARTING", "RUNNING", "STOPPING", "WAITING"})
PAGES = 10


@dataclass
class GlueStarter:
    """The job's runs, listed once unless asked to refresh.

    `starter` is a client without retries: StartJobRun has no client token.
    """

    store: Store
    starter: GlueClient
    glue: GlueClient
    job: str
    clock: Callable[[], datetime]
    name: Engine = "spark"
    _known: list[JobRunTypeDef] | None = field(default=None, repr=False)

    def start(self, claim: Claim) -> Started:
        """A lost answer is looked up in GetJobRuns; what is not found there may still come."""
        try:
            answer = self.starter.start_job_run(
                JobName=self.job,
                Arguments={
                    "--BATCH_ID": claim.batch,
                    "--REVISION": claim.revision,
                    "--ATTEMPT": str(claim.attempt),
                },
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if code in NO_ROOM:
                return Started("pending")
            if code not in UNCERTAIN and status < 500:
                return Started("refused", error=error)
        except UNANSWERED:
            pass
        else:
            return Started("started", answer["JobRunId"])
        for run in listed(self.starter, self.job, pages=1):
            if of_attempt(run, claim.revision, claim.attempt):
                return Started("started", run["Id"])
        return Started("unknown")

    def look(self, claim: Claim, patience: float) -> Seen:
        """A run that is listed and not recorded is recorded; one that is not listed any more is
        waited for, and then given up."""
        attempts, run = self._of(claim), door.noted(self.store, claim)
        if not attempts and run is None:
            if not claims.is_stale(claim, self.clock(), patience) or self._of(claim, anew=True):
                return LIVE
            return UNSTARTED
        if run is None:
            door.note(self.store, claim, attempts[0]["Id"], self.clock())
        if any(item["JobRunState"] in LIVE_STATES for item in attempts):
            return LIVE
        run_id, since = self._working(claim, run, attempts)
        state = self._state(run_id)
        if state is None:
            if (self.clock() - codec.moment(since)).total_seconds() <= patience:
                return LIVE
            self.refresh()
            state = self._state(run_id)
        if state in LIVE_STATES:
            return LIVE
        return door.ended(run_id, state or VANISHED, door.told(self.store, claim, run_id))

    def live(self) -> frozenset[str]:
        """Ids of the runs that may still be writing."""
        return frozenset(run["Id"] for run in self._list() if run["JobRunState"] in LIVE_STATES)

    def refresh(self) -> None:
        """List again, where acting on an old list would start a run twice."""
        self._known = None

    def _working(
        self, claim: Claim, run: Run | None, attempts: list[JobRunTypeDef]
    ) -> tuple[str, str]:
        """The run that does or did the work of the attempt, and since when it is known."""
        key = keys.fence(claim.batch, claim.revision, claim.attempt)
        fence = self.store.read(Fence, key)
        if fence is not None:
            return fence.record.run_id, fence.record.fenced_at
        if run is not None:
            return run.run_id, run.started_at
        return attempts[0]["Id"], claim.claimed_at

    def _of(self, claim: Claim, *, anew: bool = False) -> list[JobRunTypeDef]:
        """All runs of an attempt; there are two if an answer was lost and asked for again."""
        if anew:
            self.refresh()
        return [run for run in self._list() if of_attempt(run, claim.revision, claim.attempt)]

    def _state(self, run_id: str) -> str | None:
        return next((run["JobRunState"] for run in self._list() if run["Id"] == run_id), None)

    def _list(self) -> list[JobRunTypeDef]:
        if self._known is None:
            self._known = list(listed(self.glue, self.job))
        return self._known


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
