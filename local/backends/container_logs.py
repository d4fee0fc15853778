"""Shows the logs of the containers, and of functions and job runs out of CloudWatch Logs."""

from __future__ import annotations

import subprocess
import time
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lakegate.cli.lake import Clients
from lakegate.cli.terminal.safe import Console
from local.backends import containers

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

POLL_SECONDS = 1.0
LOOK_BACK_SECONDS = 600
LINES = "20"


def tail(project: str, clients: Clients, console: Console, *, follow: bool) -> None:
    """Prints the end of all logs and, if asked to, what is added, until Ctrl-C."""
    words = ["logs", "--tail", LINES, *(["--follow"] if follow else [])]
    shown = subprocess.Popen(
        containers.command(project, *words),
        stderr=subprocess.DEVNULL,
        env=containers.settings(project, {}),
    )
    seen: set[str] = set()
    since = time.time() - LOOK_BACK_SECONDS
    try:
        while True:
            _print_new(clients.logs, int(since * 1000), seen, console)
            if not follow:
                shown.wait()
                return
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return
    except (ClientError, BotoCoreError) as error:
        console.print(f"LocalStack does not answer: {error}")
    finally:
        shown.terminate()
        shown.wait()


def _print_new(client: CloudWatchLogsClient, since: int, seen: set[str], console: Console) -> None:
    for groups in client.get_paginator("describe_log_groups").paginate():
        for group in groups["logGroups"]:
            name = group["logGroupName"]
            pages = client.get_paginator("filter_log_events").paginate(
                logGroupName=name, startTime=since
            )
            for event in (event for page in pages for event in page["events"]):
                if event["eventId"] not in seen:
                    seen.add(event["eventId"])
                    console.print(f"{name.rsplit('/', 1)[-1]} ", style="dim", end="")
                    console.print(event["message"].rstrip(), soft_wrap=True)
