"""DuckDB in one Lambda function: started by an asynchronous call, followed by what it writes.

The event is `{"batch": …, "revision": …, "attempt": …}`. Each call of the function makes a run id
of its own, so that of two deliveries of one event the fence lets one work, and Lambda needs no
retries (`maximum_retry_attempts = 0`): the ledger counts attempts. A run that is fenced gives a
sign of life every few seconds (`heartbeat.Pulse`) and leaves a report, whose `error_kind` may be
one of `choice.TOO_SMALL`. What Lambda says of an event that failed goes to the reconciler, which is
the function's failure destination.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from lakegate.aws import codec
from lakegate.aws.store import UNANSWERED, Store
from lakegate.ledger import claims, keys
from lakegate.ledger.engines import door
from lakegate.ledger.engines.choice import OUT_OF_TIME, VANISHED
from lakegate.ledger.engines.door import LIVE, UNSTARTED, Seen, Started
from lakegate.ledger.engines.heartbeat import BEAT_SECONDS, SILENT_SECONDS
from lakegate.ledger.records import Claim, Engine, Fence, Heartbeat

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

NO_ROOM = frozenset({"TooManyRequestsException", "ThrottlingException"})
# How long an event that Lambda has taken is waited for before it is sent again.
QUEUED_SECONDS = 900
# A run that nobody lists may be writing for so long after its last file: Lambda's limit, and more.
LONGEST_SECONDS = 1200
ENDED = frozenset({"SUCCEEDED", "FAILED"})


@dataclass(frozen=True)
class Request:
    """What the function is asked for."""

    batch: str
    revision: str
    attempt: int

    def payload(self) -> bytes:
        """The event as it is sent."""
        return json.dumps(codec.encode(self), sort_keys=True).encode()

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> Request:
        """The request of an event. Raises KeyError or ValueError for any other event."""
        return cls(str(event["batch"]), str(event["revision"]), int(event["attempt"]))


@dataclass(frozen=True)
class Failure:
    """An event that Lambda has given up, as it tells the function's failure destination.

    `killed`: the code had no last word. An error that it raises comes with a stack trace, and a run
    that raises one leaves a report.
    """

    request: Request
    killed: bool

    @classmethod
    def read(cls, event: Mapping[str, Any]) -> Failure | None:
        """The failure that an invocation record tells of; None for any other event."""
        try:
            request = Request.read(event["requestPayload"])
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
        answer = event.get("responsePayload")
        killed = not (isinstance(answer, Mapping) and "stackTrace" in answer)
        return cls(request, killed)


@dataclass
class FunctionStarter:
    """The function's runs, as the control bucket tells of them.

    `client` is one without retries: a repeated call would be a second event.
    """

    store: Store
    client: LambdaClient
    function: str
    clock: Callable[[], datetime]
    name: Engine = "duckdb"

    def start(self, claim: Claim) -> Started:
        """The run id is Lambda's of the request; a lost answer is not looked for."""
        try:
            answer = self.client.invoke(
                FunctionName=self.function,
                InvocationType="Event",
                Payload=Request(claim.batch, claim.revision, claim.attempt).payload(),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in NO_ROOM:
                return Started("pending")
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                return Started("refused", error=error)
            return Started("unknown")
        except UNANSWERED:
            return Started("unknown")
        # Not every emulator names the request.
        return Started("started", answer["ResponseMetadata"].get("RequestId", "unnamed"))

    def look(self, claim: Claim, patience: float) -> Seen:
        """Without a fence no run has begun, and the event is sent again after a while: a second
        one of the same attempt does no harm. With a fence, the report says how the run ended, and
        silence that it did: at once where there is no patience."""
        place = claim.batch, claim.revision, claim.attempt
        fence = self.store.read(Fence, keys.fence(*place))
        if fence is None:
            return self._queued(claim, patience)
        run_id = fence.record.run_id
        report = door.told(self.store, claim, run_id)
        if report.get("state") in ENDED:
            return door.ended(run_id, report["state"], report)
        beat = self.store.read(Heartbeat, keys.heartbeat(*place))
        last = beat.record.at if beat else fence.record.fenced_at
        if patience and self._since(last) <= SILENT_SECONDS:
            return Seen("live", run_id)
        late = beat is not None and _left(beat.record) <= 2 * BEAT_SECONDS
        return Seen("ended", run_id, VANISHED, OUT_OF_TIME if late else "")

    def live(self) -> frozenset[str]:
        """Nobody lists them; what was written within LONGEST_SECONDS may be theirs."""
        return frozenset()

    def refresh(self) -> None:
        """There is no list to forget."""

    def _queued(self, claim: Claim, patience: float) -> Seen:
        taken = door.noted(self.store, claim) is not None
        wait = max(patience, QUEUED_SECONDS) if taken else patience
        return UNSTARTED if claims.is_stale(claim, self.clock(), wait) else LIVE

    def _since(self, moment: str) -> float:
        return (self.clock() - codec.moment(moment)).total_seconds()


def _left(beat: Heartbeat) -> float:
    """How many seconds a run had left at its last sign of life."""
    return (codec.moment(beat.ends_by) - codec.moment(beat.at)).total_seconds()
