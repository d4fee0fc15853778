"""The fake cloud with the few other services that lakegate asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.cloud import Cloud
from tests.fakes.wire import Reply, Request

PAGE = 2
IDENTITY = "arn:aws:iam::000000000000:user/tester"


@dataclass
class Others:
    """Log lines (moment, text, stream) by group, dead letters by queue, and what was invoked.

    As in the emulator, the prefix of a stream is not heeded.
    """

    lines: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    letters: dict[str, list[str]] = field(default_factory=dict)
    invoked: list[tuple[str, Any]] = field(default_factory=list)

    def handle(self, request: Request) -> Reply:
        """The answer to a request, by its operation."""
        handler: Callable[[Request], Reply] = getattr(self, f"_{request.operation.lower()}")
        return handler(request)

    def _filterlogevents(self, request: Request) -> Reply:
        asked = json.loads(request.body)
        if asked["logGroupName"] not in self.lines:
            return _json({"__type": "ResourceNotFoundException"}, 400)
        events = [
            {
                "timestamp": at,
                "message": text,
                "logStreamName": stream,
                "eventId": f"{asked['logGroupName']} {index}",
            }
            for index, (at, text, stream) in enumerate(self.lines[asked["logGroupName"]])
            if at >= asked.get("startTime", 0)
        ]
        start = int(asked.get("nextToken", 0))
        more = {"nextToken": str(start + PAGE)} if start + PAGE < len(events) else {}
        return _json({"events": events[start : start + PAGE], **more})

    def _describeloggroups(self, request: Request) -> Reply:
        start = int(json.loads(request.body).get("nextToken", 0))
        groups = [{"logGroupName": name} for name in sorted(self.lines)]
        more = {"nextToken": str(start + PAGE)} if start + PAGE < len(groups) else {}
        return _json({"logGroups": groups[start : start + PAGE], **more})

    def _getcalleridentity(self, request: Request) -> Reply:
        inner = f"<Arn>{IDENTITY}</Arn><UserId>t</UserId><Account>000000000000</Account>"
        result = f"<GetCallerIdentityResult>{inner}</GetCallerIdentityResult>"
        return Reply(
            200, f"<GetCallerIdentityResponse>{result}</GetCallerIdentityResponse>".encode()
        )

    def _invoke(self, request: Request) -> Reply:
        self.invoked.append((request.path.split("/")[2], json.loads(request.body or b"null")))
        return Reply(200, b"null")

    def _receivemessage(self, request: Request) -> Reply:
        waiting = self.letters.get(json.loads(request.body)["QueueUrl"], [])
        letters = [{"MessageId": text, "ReceiptHandle": text, "Body": text} for text in waiting]
        return _json({"Messages": letters})

    def _deletemessage(self, request: Request) -> Reply:
        asked = json.loads(request.body)
        self.letters[asked["QueueUrl"]].remove(asked["ReceiptHandle"])
        return _json({})

    def _getqueueurl(self, request: Request) -> Reply:
        return _json({"QueueUrl": json.loads(request.body)["QueueName"]})


class Account(Cloud):
    """A cloud whose other services answer, too, and whose listings are of many pages."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.others = Others()
        self.s3.page = PAGE

    def _carry_out(self, request: Request) -> Reply:
        if request.service in ("s3", "glue"):
            return super()._carry_out(request)
        return self.others.handle(request)


def _json(answer: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(answer).encode())
