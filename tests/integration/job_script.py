"""Puts another script in the place of the job's, for tests that need no Spark or a fault of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from lakegate.cli.lake import Clients

QUICK = Path(__file__).parent / "quick_job.py"
DERIVED = {"Name", "CreatedOn", "LastModifiedOn", "AllocatedCapacity", "MaxCapacity"}


class Running(Protocol):
    """A stack that answers."""

    @property
    def clients(self) -> Clients: ...

    @property
    def outputs(self) -> dict[str, str]: ...


@contextmanager
def job_script(world: Running, script: Path) -> Iterator[None]:
    """Runs that start meanwhile play this script; then the job is put right again."""
    glue: Any = world.clients.glue
    name, bucket = world.outputs["glue_job"], world.outputs["control_bucket"]
    job: dict[str, Any] = glue.get_job(JobName=name)["Job"]
    key = f"artifacts/{script.stem}/job.py"
    world.clients.s3.upload_file(str(script), bucket, key)
    update = {field: value for field, value in job.items() if field not in DERIVED}
    command = {**job["Command"], "ScriptLocation": f"s3://{bucket}/{key}"}
    glue.update_job(JobName=name, JobUpdate={**update, "Command": command})
    try:
        yield
    finally:
        glue.update_job(JobName=name, JobUpdate=update)
