"""What passes between a botocore client and a fake service."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict


@dataclass(frozen=True)
class Request:
    """One HTTP request; header names are lower case."""

    service: str
    operation: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def bucket(self) -> str:
        return self.path.partition("/")[0]

    @property
    def key(self) -> str:
        return self.path.partition("/")[2]


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class _Raw(io.BytesIO):
    """What botocore reads a body from."""

    def stream(self, amt: int = 65536, decode_content: bool | None = None) -> Iterator[bytes]:
        while chunk := self.read(amt):
            yield chunk


def parse(event_name: str, prepared: AWSPreparedRequest) -> Request:
    """The request that a before-send event carries."""
    _, service, operation = event_name.split(".", 2)
    url = urlsplit(prepared.url)
    body = prepared.body
    if body is not None and not isinstance(body, bytes | bytearray | str):
        body = body.read()
    data = body.encode() if isinstance(body, str) else bytes(body or b"")
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else str(value)
        for name, value in prepared.headers.items()
    }
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    return Request(
        service, operation, prepared.method, unquote(url.path).lstrip("/"), query, headers, data
    )


def answer(prepared: AWSPreparedRequest, reply: Reply) -> AWSResponse:
    """The answer as botocore's HTTP layer would hand it on."""
    headers: Any = HeadersDict({"content-length": str(len(reply.body)), **reply.headers})
    return AWSResponse(prepared.url, reply.status, headers, _Raw(reply.body))
