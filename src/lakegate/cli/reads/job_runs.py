"""Runs of the job, as Glue tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from lakegate.aws import codec
from lakegate.ledger.engines import glue
from lakegate.ledger.engines.choice import VANISHED
from lakegate.ledger.engines.heartbeat import SILENT_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef

    from lakegate.cli.lake import Lake
    from lakegate.ledger.records import Engine, Fence, Heartbeat


@dataclass(frozen=True)
class JobRun:
    """A run as its engine tells it; times in UTC, `seconds` is the execution time."""

    run_id: str
    state: str
    started_at: datetime | None = None
    completed_at: datetime | None = None
    seconds: int = 0
    dpu_seconds: float | None = None
    error: str = ""
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


def of_function(
    fence: Fence, heartbeats: tuple[Heartbeat, ...], report: dict[str, Any] | None
) -> JobRun:
    """A run of the function: live by its last sign of life, ended by its report or by silence."""
    started, run_id = codec.moment(fence.fenced_at), fence.run_id
    if report is not None and report.get("run_id") == run_id:
        seconds = round(sum(report.get("seconds", {}).values()))
        return JobRun(
            run_id=run_id,
            state=str(report.get("state")),
            started_at=started,
            completed_at=started + timedelta(seconds=seconds),
            seconds=seconds,
            error=report.get("error") or "",
            engine=fence.engine,
        )
    beats = [item.at for item in heartbeats if item.run_id == run_id]
    last = codec.moment(max([fence.fenced_at, *beats]))
    silent = (datetime.now(UTC) - last).total_seconds() > SILENT_SECONDS
    return JobRun(run_id, VANISHED if silent else "RUNNING", started, engine=fence.engine)
