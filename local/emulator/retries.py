"""Answers a call of Terraform's that comes again as it was answered the first time.

On a busy machine the provider's SDK now and then gives a connection up while the answer lies on it
(seen from the server: the whole answer is written, then the connection is reset) and sends the call
again. It was carried out already, so a create then fails with AlreadyExists. Every attempt at a
call carries the same id; only Terraform's are kept, so that the pipeline's own code, which has to
bear lost answers, meets them as it would on AWS.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from local.glue.asgi import Asgi, Receive, Recorded, Scope, Send

CALL = b"amz-sdk-invocation-id"
CALLER = b"terraform-provider-aws"
KEPT = 500
READS = ("GET", "HEAD")


@dataclass
class _Call:
    answer: Recorded | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Retries:
    """The last answers to Terraform, by call. Failures are not kept: their calls are tried anew."""

    def __init__(self) -> None:
        self._calls: OrderedDict[bytes, _Call] = OrderedDict()

    async def serve(
        self, call: bytes, inner: Asgi, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Has the call done once; a second attempt waits for the first one's end."""
        known = self._calls.setdefault(call, _Call())
        while len(self._calls) > KEPT:
            self._calls.popitem(last=False)
        async with known.turn:
            if known.answer is None:
                answer = Recorded()
                await inner(scope, receive, answer)
                if answer.messages and answer.status < 300:
                    known.answer = answer
            else:
                answer = known.answer
        await answer.send_on(send)


def call_of(scope: Scope) -> bytes | None:
    """The id of a call by which Terraform changes something, the same in all its attempts."""
    if scope["method"] in READS:
        return None
    headers = dict(scope["headers"])
    if CALLER not in headers.get(b"user-agent", b""):
        return None
    found: bytes | None = headers.get(CALL)
    return found
