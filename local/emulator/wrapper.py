"""The emulator with Glue's part replaced and its answers corrected, request by request."""

from __future__ import annotations

from local.emulator import alarms, ranges, retries
from local.emulator.signatures import Signatures, makes_code
from local.glue.app import Glue, action_of
from local.glue.asgi import (
    Asgi,
    Message,
    Receive,
    Recorded,
    Scope,
    Send,
    read_body,
    replay,
    send_content,
    send_json,
)

SSE_HEADERS = b"x-amz-server-side-encryption"


class Wrapper:
    """An ASGI application around the emulator's.

    Each Glue request goes to the emulator first: it checks the caller's rights
    and keeps its own copy of the catalog, which its Athena reads. The answer is ours.
    """

    def __init__(self, emulator: Asgi, glue: Glue, signatures: Signatures) -> None:
        self._emulator = emulator
        self._signatures = signatures
        self._glue = glue
        self._retries = retries.Retries()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._emulator(scope, receive, send)
        elif (call := retries.call_of(scope)) is not None:
            await self._retries.serve(call, self._serve, scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        action = action_of(scope)
        if makes_code(scope, action):
            body = await read_body(receive)
            if why := self._signatures.refusal(scope, body):
                await send_content(send, 403, b"text/plain", f"refused: {why}\n".encode())
                return
            receive = replay(body)
        if action is not None:
            await self._serve_glue(action, scope, receive, send)
        elif scope["method"] == "HEAD" and _is_hadoop(scope):
            await self._emulator(scope, receive, _without_sse(send))
        elif (wanted := ranges.asked(scope)) is not None:
            await self._emulator(scope, receive, ranges.Sliced(wanted, send))
        elif alarms.may_be_asked(scope):
            await alarms.serve(self._emulator, scope, receive, send)
        else:
            await self._emulator(scope, receive, send)

    async def _serve_glue(self, action: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await read_body(receive)
        verdict = Recorded()
        await self._emulator(scope, replay(body), verdict)
        if action not in self._glue.actions or verdict.refused:
            await verdict.send_on(send)
        else:
            await send_json(send, *self._glue.answer(action, body))


def _is_hadoop(scope: Scope) -> bool:
    return any(name == b"user-agent" and b"Hadoop" in value for name, value in scope["headers"])


def _without_sse(send: Send) -> Send:
    """Keeps the encryption headers from S3A, whose SDK then insists on HTTPS when it renames."""

    async def passed(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(n, v) for n, v in message["headers"] if not n.lower().startswith(SSE_HEADERS)]
            message = {**message, "headers": kept}
        await send(message)

    return passed
