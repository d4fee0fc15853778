"""Ranges of a named version: the emulator answers such a GET with the whole object."""

from __future__ import annotations

import re

from local.glue.asgi import Message, Scope, Send, send_content

RANGE = re.compile(rb"bytes=(?P<first>\d*)-(?P<last>\d*)")
# What describes the whole object, and so not a part of it.
OF_THE_WHOLE = (b"content-length", b"content-range", b"x-amz-checksum")
OUTSIDE = (
    b"<Error><Code>InvalidRange</Code>"
    b"<Message>The requested range is not satisfiable</Message></Error>"
)


def asked(scope: Scope) -> re.Match[bytes] | None:
    """The one range that a GET of a named version asks for."""
    if scope["method"] != "GET" or b"versionId=" not in scope.get("query_string", b""):
        return None
    for name, value in scope["headers"]:
        if name == b"range":
            return RANGE.fullmatch(value)
    return None


def bounds(asked: re.Match[bytes], size: int) -> tuple[int, int] | None:
    """First and last byte (inclusive) of the range in an object of that size; None outside it."""
    first, last = asked["first"], asked["last"]
    if not first:
        start, end = max(0, size - int(last or b"0")), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None


class Sliced:
    """A `send` that passes on the asked range of a whole object, as 206."""

    def __init__(self, asked: re.Match[bytes], send: Send) -> None:
        self._asked = asked
        self._send = send
        self._slice: tuple[int, int] | None = None
        self._position = 0
        self._answered = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif self._slice is None:
            await self._send(message)
        elif not self._answered:
            first, last = self._slice
            body = message.get("body", b"")
            low, high = max(0, first - self._position), max(0, last + 1 - self._position)
            self._position += len(body)
            await self._send({**message, "body": body[low:high]})

    async def _start(self, message: Message) -> None:
        headers = {name.lower(): value for name, value in message["headers"]}
        size = int(headers.get(b"content-length", b"-1"))
        if message["status"] != 200 or size < 0:
            await self._send(message)
            return
        found = bounds(self._asked, size)
        if found is None:
            self._slice, self._answered = (0, 0), True
            await send_content(self._send, 416, b"application/xml", OUTSIDE)
            return
        self._slice = first, last = found
        kept = [one for one in message["headers"] if not one[0].lower().startswith(OF_THE_WHOLE)]
        kept += [
            (b"content-length", str(last - first + 1).encode()),
            (b"content-range", f"bytes {first}-{last}/{size}".encode()),
        ]
        await self._send({**message, "status": 206, "headers": kept})
