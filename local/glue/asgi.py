"""The few ASGI pieces that the endpoint and the wrapper share."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

REFUSALS = (401, 403)


class Recorded:
    """A `send` that keeps the answer instead of sending it."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The answer's status code."""
        return next(int(m["status"]) for m in self.messages if m["type"] == "http.response.start")

    @property
    def body(self) -> bytes:
        """The answer's body."""
        return b"".join(m.get("body", b"") for m in self.messages)

    @property
    def refused(self) -> bool:
        """Whether the caller was not let in."""
        return self.status in REFUSALS or (self.status == 400 and b"AccessDenied" in self.body)

    async def send_on(self, send: Send) -> None:
        """Sends what was kept."""
        for message in self.messages:
            await send(message)


def replay(body: bytes) -> Receive:
    """A `receive` that yields a body already read."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def read_body(receive: Receive) -> bytes:
    """The whole body of a request."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


async def send_content(send: Send, status: int, kind: bytes, content: bytes) -> None:
    """One whole answer."""
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(content)).encode()),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def send_json(send: Send, status: int, document: dict[str, Any]) -> None:
    """An answer in AWS's JSON 1.1 protocol."""
    content = json.dumps(document).encode()
    await send_content(send, status, b"application/x-amz-json-1.1", content)
