"""The live page: `lakegate page --port 8501`, in the environment of `.local/env`.

Read-only, on the loopback interface, and only for a browser that asks for it by a loopback name on
its port and from no other site, so that no other site can read the lake through the browser.
`make up` may run the same command.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from lakegate.aws.errors import LedgerError
from lakegate.cli.errors import NotFoundError
from lakegate.cli.reads import explain, facts, logs, snapshot
from lakegate.cli.terminal import plain
from lakegate.cli.web import html, run_report

if TYPE_CHECKING:
    from lakegate.cli.lake import Lake

HOST = "127.0.0.1"
NAMES = ("127.0.0.1", "localhost", "[::1]")
LAST_LINES = 300
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class OwnPageOnly:
    """Refuses what another site's page sends: a foreign Host, any Origin, preflights."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_own(Request(scope)):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("Only this page may ask.", 403)(scope, receive, send)


def _is_own(request: Request) -> bool:
    _, port = request.scope["server"]
    site = request.headers.get("sec-fetch-site", "none")
    return (
        request.headers.getlist("host") in [[f"{name}:{port}"] for name in NAMES]
        and "origin" not in request.headers
        and site in {"none", "same-origin"}
        and request.method != "OPTIONS"
    )


@dataclass
class Shared:
    """One snapshot for all open pages, taken anew when it is older than a second."""

    lake: Lake
    lock: threading.Lock = field(default_factory=threading.Lock)
    taken: float = 0.0
    text: str = ""

    def snapshot(self) -> str:
        """JSON text of the newest snapshot."""
        with self.lock:
            if time.monotonic() - self.taken > 1:
                self.text = plain.text(snapshot.take(self.lake), indent=None)
                self.taken = time.monotonic()
            return self.text


def app(lake: Lake) -> Starlette:
    """The page as an ASGI application."""
    shared = Shared(lake)

    def index(request: Request) -> Response:
        page = html.environment().get_template("page.html.j2")
        return HTMLResponse(
            page.render(lake=lake.settings), headers={"content-security-policy": POLICY}
        )

    def script(request: Request) -> Response:
        text = resources.files("lakegate.cli.web").joinpath("templates/page.js").read_text()
        return Response(text, media_type="text/javascript")

    def whole(request: Request) -> Response:
        return _json(shared.snapshot())

    def batch(request: Request) -> Response:
        found = facts.collect(lake, request.path_params["batch"])
        story = explain.explain(found, lake.contract, datetime.now(UTC))
        lines = logs.timeline(lake, found)[-LAST_LINES:]
        has_report = any(item.report for item in found.revisions.values())
        return _json(plain.text({"story": story, "logs": lines, "report": has_report}, indent=None))

    def report(request: Request) -> Response:
        found = run_report.collect(lake, request.path_params["batch"])
        return HTMLResponse(html.run_report(found), headers={"content-security-policy": POLICY})

    routes = [
        Route("/", _calm(index)),
        Route("/page.js", _calm(script)),
        Route("/api/lake", _calm(whole)),
        Route("/api/batches/{batch}", _calm(batch)),
        Route("/batches/{batch}/report", _calm(report)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(OwnPageOnly)])


def _calm(
    handler: Callable[[Request], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """The handler on a thread, with trouble as a sentence that the page shows."""

    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(handler, request)
        except NotFoundError as error:
            return PlainTextResponse(str(error), 404)
        except (ClientError, BotoCoreError, LedgerError) as error:
            return PlainTextResponse(f"The lake does not answer: {error}", 503)

    return answer


def _json(text: Any) -> Response:
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})
