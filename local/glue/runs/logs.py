"""Ships a run's two log files to CloudWatch Logs while it runs."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local.glue.state import Doc

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

logger = logging.getLogger(__name__)

PREFIX = "/aws-glue/jobs"
KINDS = {"output.log": "output", "error.log": "error"}
EVERY_SECONDS = 1.0
BATCH_LINES = 1000
LINE_LIMIT = 200_000


def groups(job: Doc) -> dict[str, str]:
    """The log group of each file, named as Glue 5 does: a security configuration is in the name."""
    prefix = job.get("DefaultArguments", {}).get("--custom-logGroup-prefix", PREFIX)
    secured = job.get("SecurityConfiguration")
    if secured:
        prefix = f"{prefix}/{secured}-role/{job['Role'].rpartition('/')[2]}"
    return {file: f"{prefix}/{kind}" for file, kind in KINDS.items()}


class Shipper:
    """A context: follows the files of a run's folder until it is left, then sends the rest.

    Log groups are those of the run's job; the stream is the run's id.
    """

    def __init__(self, client: CloudWatchLogsClient, job: Doc, run_id: str, folder: Path) -> None:
        self._client = client
        self._groups = groups(job)
        self._stream = run_id
        self._folder = folder
        self._offsets = dict.fromkeys(self._groups, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def _follow(self) -> None:
        try:
            for group in self._groups.values():
                self._create(group)
            while not self._over.wait(EVERY_SECONDS):
                self._send(last=False)
            self._send(last=True)
        except (BotoCoreError, ClientError):
            logger.exception("logs of run %s stay in %s alone", self._stream, self._folder)

    def _create(self, group: str) -> None:
        exists = self._client.exceptions.ResourceAlreadyExistsException
        with contextlib.suppress(exists):
            self._client.create_log_group(logGroupName=group)
        with contextlib.suppress(exists):
            self._client.create_log_stream(logGroupName=group, logStreamName=self._stream)

    def _send(self, *, last: bool) -> None:
        for name, group in self._groups.items():
            lines = self._fresh_lines(name, last=last)
            for start in range(0, len(lines), BATCH_LINES):
                stamp = int(time.time() * 1000)
                self._client.put_log_events(
                    logGroupName=group,
                    logStreamName=self._stream,
                    logEvents=[
                        {"timestamp": stamp, "message": line}
                        for line in lines[start : start + BATCH_LINES]
                    ],
                )

    def _fresh_lines(self, name: str, *, last: bool) -> list[str]:
        """Whole lines that were not sent yet; at the end also an unfinished one."""
        with (self._folder / name).open("rb") as file:
            file.seek(self._offsets[name])
            fresh = file.read()
        whole = fresh if last else fresh[: fresh.rfind(b"\n") + 1]
        self._offsets[name] += len(whole)
        text = whole.decode(errors="replace")
        return [line[:LINE_LIMIT] for line in text.splitlines() if line.strip()]
