"""Keeps web pages away from local servers: what only a browser sends is refused.

A page of any site can make the browser of this machine send requests to loopback. Browsers say so:
with an `Origin`, with `Sec-Fetch-Site`, with a preflight, or with a `Host` that is no name of
loopback (a name that the page's owner has pointed here). No client of AWS sends any of these.
"""

from __future__ import annotations

from collections.abc import Iterable

from local.glue.asgi import Asgi, Message, Receive, Scope, Send, send_content

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SAME_SITE = (b"same-origin", b"none")
CROSS_ORIGIN = b"access-control-"


class Guard:
    """An ASGI application around another: answers 403 where `refusal` has something to say.

    The Host must name loopback and the port that is listened on; in a container, which is reached
    by another port from outside, `any_port` takes any. `names` are further host names, for instance
    those of a container network.
    """

    def __init__(self, app: Asgi, names: Iterable[str] = (), *, any_port: bool = False) -> None:
        self._app = app
        self._any_port = any_port
        self._names = frozenset((*LOOPBACK, *names))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif why := self.refusal(scope):
            await send_content(send, 403, b"text/plain", f"refused: {why}\n".encode())
        else:
            await self._app(scope, receive, _without_cross_origin(send))

    def refusal(self, scope: Scope) -> str:
        """Why the request is not taken; empty where it is."""
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        values = dict(headers)
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or not self._is_own(hosts[0], scope["server"][1]):
            return "the Host is not a name of this machine's loopback on this port"
        if b"origin" in values:
            return "it comes from a web page (Origin)"
        if values.get(b"sec-fetch-site", b"none").lower() not in SAME_SITE:
            return "it comes from a web page (Sec-Fetch-Site)"
        if scope["method"] == "OPTIONS":
            return "preflights are not answered"
        return ""

    def _is_own(self, given: bytes, own_port: int) -> bool:
        host = given.decode("latin-1").lower()
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit():
            name, port = host, "80"
        known = name in self._names or name.endswith(".localhost")
        return known and (self._any_port or port == str(own_port))


def _without_cross_origin(send: Send) -> Send:
    """Takes away every header that lets pages of other origins read the answer."""

    async def passed(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(n, v) for n, v in message["headers"] if not n.lower().startswith(CROSS_ORIGIN)]
            message = {**message, "headers": kept}
        await send(message)

    return passed
