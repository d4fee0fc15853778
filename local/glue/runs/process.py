"""Runs a job's script as a child process in a folder and a process group of its own."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local.errors import LocalError
from local.glue.runs import cause, spark
from local.glue.runs.api import Failed, Stopped, TimedOut
from local.glue.state import Doc
from local.tools import toolchain

if TYPE_CHECKING:
    from local.glue.runs.aws import Aws
    from local.glue.runs.logs import Shipper

POLL_SECONDS = 0.1
SCRATCH = ("spark", "s3a", "warehouse")
STDERR_TAIL = 64 * 1024


@dataclass(frozen=True)
class SparkProcess:
    """An Executor. `folder` gets one folder per run, with its script and both logs.

    `minute` is how many seconds a minute of Timeout lasts.
    """

    settings: spark.SparkSettings
    aws: Aws
    shipper: Callable[[Doc, str, Path], Shipper]
    folder: Path
    minute: float = 60

    def __call__(
        self, job: Doc, run: Doc, started: Callable[[], None], stop: threading.Event
    ) -> None:
        folder = self.folder / run["Id"]
        folder.mkdir(parents=True)
        deadline = time.monotonic() + run["Timeout"] * self.minute
        try:
            command, environment = self._prepare(job, run, folder)
        except (BotoCoreError, ClientError, LocalError, OSError, ValueError) as error:
            raise Failed(f"LAUNCH ERROR | {error}") from error
        if stop.is_set():
            raise Stopped
        with (
            (folder / "output.log").open("wb") as output,
            (folder / "error.log").open("wb") as errors,
            self.shipper(job, run["Id"], folder),
        ):
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=errors,
                process_group=0,
            )
            started()
            try:
                code = _wait(process, deadline, stop)
            finally:
                _kill_group(process)
                for name in SCRATCH:
                    shutil.rmtree(folder / name, ignore_errors=True)
        if code:
            raise Failed(cause.of_failure(_tail(folder / "error.log"), code))

    def _prepare(self, job: Doc, run: Doc, folder: Path) -> tuple[list[str], dict[str, str]]:
        endpoint = self.aws.as_role(job.get("Role", ""), run["Id"])
        script = self.aws.fetch(job["Command"]["ScriptLocation"], folder, endpoint)
        extra = spark.special(job, run, "--extra-py-files")
        modules = [
            self.aws.fetch(uri.strip(), folder / "modules", endpoint)
            for uri in extra.split(",")
            if uri.strip()
        ]
        settings = with_spark(self.settings)
        environment = spark.environment(
            settings, endpoint, folder, modules, spark.special(job, run, "--conf")
        )
        command = [settings.python, str(spark.BOOTSTRAP), str(script)]
        return command + spark.arguments(job, run), environment


def with_spark(settings: spark.SparkSettings) -> spark.SparkSettings:
    """The settings with Java and S3A, which a stack that came up without Spark has not fetched yet.

    LocalError where they cannot be had.
    """
    if settings.jars or settings.packages:
        return settings
    tools = toolchain.find(os.environ)
    return dataclasses.replace(
        settings, jars=tools.jars, packages=tools.packages, java_home=tools.java_home
    )


def _wait(process: subprocess.Popen[bytes], deadline: float, stop: threading.Event) -> int:
    while True:
        try:
            return process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                raise Stopped from None
            if time.monotonic() > deadline:
                raise TimedOut from None


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Ends whatever the script left behind, the JVM above all."""
    # macOS answers EPERM for a group of zombies.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - STDERR_TAIL))
        return file.read().decode(errors="replace")
