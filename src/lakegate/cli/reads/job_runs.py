"""Runs of the job, as Glue tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from lakegate.ledger.engines import glue

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef

    from lakegate.cli.lake import Lake


@dataclass(frozen=True)
class JobRun:
    """A run as Glue tells it; times in UTC, `seconds` is the execution time."""

    run_id: str
    state: str
    started_at: datetime | None = None
    completed_at: datetime | None = None
    seconds: int = 0
    dpu_seconds: float | None = None
    error: str = ""


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
