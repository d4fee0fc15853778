"""Lambda as far as the pipeline calls it: events of one function, which a test carries out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.wire import Reply, Request

LIVE = {"STARTING", "RUNNING"}


@dataclass
class FakeFunctions:
    """Calls in the order they came, in the shape of Glue's runs; nobody can ask for their state.

    `max_concurrent`: from how many that have not ended on a call is throttled.
    """

    clock: Callable[[], datetime]
    max_concurrent: int = 1000
    runs: list[dict[str, Any]] = field(default_factory=list)

    def handle(self, request: Request) -> Reply:
        """The answer to a request: only asynchronous calls are known."""
        if request.operation != "Invoke":
            return error(400, "UnknownOperationException")
        if request.headers.get("x-amz-invocation-type") != "Event":
            return error(400, "InvalidParameterValueException")
        if sum(run["JobRunState"] in LIVE for run in self.runs) >= self.max_concurrent:
            return error(429, "TooManyRequestsException")
        event = json.loads(request.body)
        request_id = f"request-{len(self.runs) + 1:06d}"
        self.runs.append(
            {
                "Id": request_id,
                "JobName": request.path.split("/")[2],
                "Arguments": {
                    "--BATCH_ID": event["batch"],
                    "--REVISION": event["revision"],
                    "--ATTEMPT": str(event["attempt"]),
                },
                "JobRunState": "STARTING",
                "StartedOn": self.clock().timestamp(),
            }
        )
        return Reply(202, headers={"x-amzn-requestid": request_id})


def error(status: int, code: str) -> Reply:
    """A Lambda error answer."""
    body = json.dumps({"Message": code, "Type": "User"}).encode()
    return Reply(status, body, {"x-amzn-errortype": code})
