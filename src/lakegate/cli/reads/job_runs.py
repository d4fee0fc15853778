"""Runs of the job, as Glue tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from lakegate.aws import codec
from lakegate.ledger.engines import glue
from lakegate.ledger.engines.choice import VANISHED
from lakegate.ledger.engines.heartbeat import SILENT_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef

    from lakegate.cli.lake import Lake
    from lakegate.cli.reads.revision import Revision
    from lakegate.ledger.records import Engine, Fence, Published


@dataclass(frozen=True)
class JobRun:
    """A run as its engine tells it; times in UTC, `seconds` is the execution time.

    `reason` is the kind of error, as `Ended` has it, where a report of the function tells it.
    """

    run_id: str
    state: str
    started_at: datetime | None = None
    completed_at: datetime | None = None
    seconds: int = 0
    dpu_seconds: float | None = None
    error: str = ""
    reason: str = ""
    engine: Engine = "spark"


def recent(lake: Lake) -> dict[str, JobRun]:
    """The newest 200 runs of the job by id: one request."""
    listed = glue.listed(lake.glue, lake.settings.glue_job, pages=1)
    return {run["Id"]: from_glue(run) for run in listed}


def one(lake: Lake, run_id: str) -> JobRun | None:
    """The run of the lake's job, or None when Glue no longer knows it."""
    try:
        answer = lake.glue.get_job_run(JobName=lake.settings.glue_job, RunId=run_id)
    except ClientError as error:
        if error.response["Error"]["Code"] == "EntityNotFoundException":
            return None
        raise
    return from_glue(answer["JobRun"])


def from_glue(run: JobRunTypeDef) -> JobRun:
    """Glue's answer as facts."""
    return JobRun(
        run_id=run["Id"],
        state=run["JobRunState"],
        started_at=run.get("StartedOn"),
        completed_at=run.get("CompletedOn"),
        seconds=run.get("ExecutionTime", 0),
        dpu_seconds=run.get("DPUSeconds"),
        error=run.get("ErrorMessage", ""),
    )


def of_function(fence: Fence, revision: Revision, published: Published | None) -> JobRun:
    """A run of the function: what the ledger has on its end, else by its last sign of life.

    The report is that of the last attempt; of those before, publications and claim tell the end.
    """
    started, run_id, report = codec.moment(fence.fenced_at), fence.run_id, revision.report

    def run(state: str, ended: datetime | None = None, error: str = "", reason: str = "") -> JobRun:
        seconds = 0 if ended is None else round((ended - started).total_seconds())
        return JobRun(
            run_id, state, started, ended, seconds, None, error, reason, engine=fence.engine
        )

    if report is not None and report.get("run_id") == run_id:
        worked = timedelta(seconds=round(sum(report.get("seconds", {}).values())))
        word = report.get("error") or "", report.get("error_kind") or ""
        return run(str(report.get("state")), started + worked, *word)
    for move in published.history if published is not None else ():
        if move.action == "publish" and move.run_id == run_id:
            return run("SUCCEEDED", codec.moment(move.at))
    for end in revision.claim.ended if revision.claim is not None else ():
        if end.attempt == fence.attempt:
            return run(end.state, codec.moment(end.at), end.error, end.reason)
    beats = [item.at for item in revision.heartbeats if item.run_id == run_id]
    last = codec.moment(max([fence.fenced_at, *beats]))
    silent = (datetime.now(UTC) - last).total_seconds() > SILENT_SECONDS
    return run(VANISHED if silent else "RUNNING")
