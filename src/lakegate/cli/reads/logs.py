"""The lines of validator, job and reconciler about a batch, in one timeline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from lakegate.aws import codec
from lakegate.files import naming

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake
    from lakegate.cli.reads.facts import Facts

BEFORE = timedelta(minutes=15)
DEFAULT_JOB_GROUPS = "/aws-glue/jobs"
STANDARD = frozenset(
    {"timestamp", "level", "message", "logger", "requestId", "location", "stackTrace", "service"}
)


@dataclass(frozen=True)
class Line:
    """One log line; `detail` are its own fields."""

    at: datetime
    source: str
    level: str
    message: str
    detail: dict[str, Any] = field(default_factory=dict)


def timeline(lake: Lake, facts: Facts) -> list[Line]:
    """Everything that was logged about the batch since shortly before its first arrival."""
    runs = sorted(run.run_id for run in facts.runs.values() if run.engine == "spark")
    function = lake.settings.duckdb_function
    engines = [f"/aws/lambda/{function}"] if function else []
    start = _start(facts)
    validator, reconciler = lake.settings.validator_function, lake.settings.reconciler_function
    with ThreadPoolExecutor(8) as pool:
        found = [
            pool.submit(_function, lake, "validator", f"/aws/lambda/{validator}", facts, start),
            pool.submit(_function, lake, "reconciler", f"/aws/lambda/{reconciler}", facts, start),
            *(pool.submit(run_lines, lake, run_id) for run_id in runs),
            *(pool.submit(_function, lake, "job", group, facts, start) for group in engines),
        ]
        lines = [line for future in found for line in future.result()]
    return sorted(lines, key=lambda line: line.at)


def run_lines(lake: Lake, run_id: str) -> list[Line]:
    """What one run of the job wrote to its output and error streams."""
    prefix = _job_groups(lake)
    return [
        _line(event, "job" if kind == "output" else "job error")
        for kind in ("output", "error")
        for event in _events(lake, f"{prefix}/{kind}", stream=run_id)
        # Not every emulator heeds the prefix of the request.
        if event.get("logStreamName", "").startswith(run_id)
    ]


def _start(facts: Facts) -> datetime | None:
    moments = [item.at for item in facts.rejections]
    if facts.index is not None:
        moments.append(codec.moment(facts.index.opened_at))
    return min(moments) - BEFORE if moments else None


def _function(
    lake: Lake, source: str, group: str, facts: Facts, start: datetime | None
) -> list[Line]:
    lines = [_line(event, source) for event in _events(lake, group, start=start)]
    return [line for line in lines if _concerns(lake, line, facts.batch)]


def _concerns(lake: Lake, line: Line, batch: str) -> bool:
    if "batch" in line.detail:
        return bool(line.detail["batch"] == batch)
    if "key" not in line.detail:
        return False
    return naming.batch_of(str(line.detail["key"]), lake.contract) == batch


def _job_groups(lake: Lake) -> str:
    """With a security configuration Glue puts its name and the role's into those of the groups."""
    job = lake.glue.get_job(JobName=lake.settings.glue_job)["Job"]
    prefix = job.get("DefaultArguments", {}).get("--custom-logGroup-prefix", DEFAULT_JOB_GROUPS)
    secured = job.get("SecurityConfiguration")
    if not secured:
        return prefix
    return f"{prefix}/{secured}-role/{job['Role'].rpartition('/')[2]}"


def _events(
    lake: Lake, group: str, start: datetime | None = None, stream: str | None = None
) -> Iterator[dict[str, Any]]:
    request: dict[str, Any] = {"logGroupName": group}
    if start is not None:
        request["startTime"] = int(start.timestamp() * 1000)
    if stream is not None:
        request["logStreamNamePrefix"] = stream
    try:
        for page in lake.logs.get_paginator("filter_log_events").paginate(**request):
            yield from page["events"]  # type: ignore[misc]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def _line(event: dict[str, Any], source: str) -> Line:
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    text = event["message"].rstrip("\n")
    try:
        parsed = json.loads(text)
    except ValueError:
        return Line(at, source, "INFO", text)
    if not isinstance(parsed, dict) or "message" not in parsed:
        return Line(at, source, "INFO", text)
    detail = {name: value for name, value in parsed.items() if name not in STANDARD}
    return Line(at, source, str(parsed.get("level", "INFO")), str(parsed["message"]), detail)
