"""One account: the fake services, a clock, clients for them, and faults on their calls."""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from tests.fakes import wire
from tests.fakes.functions import FakeFunctions
from tests.fakes.functions import error as function_error
from tests.fakes.glue import FakeGlue
from tests.fakes.glue import error as glue_error
from tests.fakes.s3 import FakeS3
from tests.fakes.s3 import error as s3_error

Fault = Literal["before", "lost", "5xx", "5xx-lost", "timeout", "denied", "dies", "dies-after"]
FAULTS: tuple[Fault, ...] = (
    "before",  # no connection: not carried out
    "lost",  # carried out, but the answer is lost
    "5xx",  # refused by the service in distress
    "5xx-lost",  # carried out, but answered with an error
    "timeout",  # no connection in time: not carried out
    "denied",
    "dies",  # the process dies before the call
    "dies-after",  # the process dies after the call
)


ERRORS = {"s3": s3_error, "glue": glue_error, "lambda": function_error}
DENIED = {"s3": "AccessDenied", "glue": "AccessDeniedException", "lambda": "AccessDeniedException"}
BROKEN = {"s3": "InternalError", "glue": "InternalServiceException", "lambda": "ServiceException"}


class ProcessDiedError(BaseException):
    """The process is gone: nothing of it may run on, so nothing may catch this."""


@dataclass(frozen=True)
class Call:
    """One request that a client sent, numbered from 0."""

    index: int
    request: wire.Request


@dataclass
class Cloud:
    """`hook` is asked before every call and may return a fault for it."""

    now: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    calls: list[Call] = field(default_factory=list)
    hook: Callable[[Call], Fault | None] | None = None
    tries: int = 1

    def __post_init__(self) -> None:
        self.s3 = FakeS3(self.clock)
        self.glue = FakeGlue(self.clock)
        self.functions = FakeFunctions(self.clock)
        self.lock = threading.RLock()
        self._clients: dict[tuple[str, int], Any] = {}

    def clock(self) -> datetime:
        """The time of this account."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def client(self, service: str) -> Any:
        """A botocore client whose requests end here, with `tries` attempts for each."""
        made = self._clients.get((service, self.tries))
        if made is None:
            made = _own(_opened(service, self.tries))
            made.meta.events.register_first(f"before-send.{service}", self._send)
            self._clients[service, self.tries] = made
        return made

    def snapshot(self) -> Callable[[], None]:
        """What restores the present state; it may be called again and again."""
        now, s3, glue = self.now, self.s3, self.glue
        buckets = {name: {key: list(v) for key, v in b.items()} for name, b in s3.buckets.items()}
        written, serial = list(s3.written), s3.serial
        uploads = copy.deepcopy(s3.uploads)
        runs, hidden = [dict(run) for run in glue.runs], set(glue.hidden)
        partitions, calls = dict(glue.partitions), list(self.calls)
        invoked = [dict(run) for run in self.functions.runs]

        def restore() -> None:
            self.now, self.hook, self.calls = now, None, list(calls)
            s3.buckets = {
                name: {key: list(v) for key, v in b.items()} for name, b in buckets.items()
            }
            s3.written, s3.serial = list(written), serial
            s3.uploads = copy.deepcopy(uploads)
            glue.runs, glue.hidden = [dict(run) for run in runs], set(hidden)
            glue.partitions = dict(partitions)
            self.functions.runs = [dict(run) for run in invoked]

        return restore

    def operations(self) -> list[str]:
        """The names of all calls so far."""
        return [call.request.operation for call in self.calls]

    def _send(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        parsed = wire.parse(event_name, request)
        with self.lock:
            call = Call(len(self.calls), parsed)
            self.calls.append(call)
        fault = self.hook(call) if self.hook else None
        if fault is not None:
            return wire.answer(request, self._fail(fault, parsed))
        return wire.answer(request, self._carry_out(parsed))

    def _carry_out(self, request: wire.Request) -> wire.Reply:
        with self.lock:
            services: dict[str, Any] = {
                "s3": self.s3,
                "glue": self.glue,
                "lambda": self.functions,
            }
            return cast("wire.Reply", services[request.service].handle(request))

    def _fail(self, fault: Fault, request: wire.Request) -> wire.Reply:
        error = ERRORS[request.service]
        if fault in ("lost", "5xx-lost", "dies-after"):
            self._carry_out(request)
        if fault in ("dies", "dies-after"):
            raise ProcessDiedError(request.operation)
        if fault == "before":
            raise EndpointConnectionError(endpoint_url="http://fake")
        if fault == "timeout":
            raise ConnectTimeoutError(endpoint_url="http://fake")
        if fault == "lost":
            raise ReadTimeoutError(endpoint_url="http://fake")
        if fault == "denied":
            return error(403, DENIED[request.service])
        return error(500, BROKEN[request.service])


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session("fake", "fake", region_name="us-east-1")


@functools.cache
def _opened(service: str, tries: int) -> Any:
    config = Config(
        signature_version=UNSIGNED,
        user_agent="tests",  # the usual one is made anew for each request
        retries={"mode": "standard", "total_max_attempts": tries},
        s3={"addressing_style": "path"},
    )
    open_client: Any = _session().client
    return open_client(service, endpoint_url="http://fake", config=config)


def _own(client: Any) -> Any:
    """A client with events of its own; the model of the service is read and compiled only once."""
    events, endpoint = copy.copy(client.meta.events), copy.copy(client._endpoint)
    endpoint._event_emitter = events
    meta = object.__new__(type(client.meta))
    meta.__dict__.update(client.meta.__dict__, events=events)
    made = object.__new__(type(client))
    made.__dict__.update(client.__dict__, meta=meta, _endpoint=endpoint)
    return made
