"""The live page on a real port of this machine."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from lakegate.cli.lake import Lake
from lakegate.cli.web import page


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Served:
    """Where the page is."""

    url: str

    def ask(
        self, path: str, method: str = "GET", host: str | None = None, **more: Mapping[str, str]
    ) -> Answer:
        """The answer to one request, whatever its status."""
        headers = {**more.get("headers", {}), **({"Host": host} if host else {})}
        request = urllib.request.Request(self.url + path, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Answer(answer.status, answer.read().decode(), dict(answer.headers))
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode(), dict(error.headers))


@contextmanager
def served(lake: Lake) -> Iterator[Served]:
    """Serve until the end of the block."""
    config = uvicorn.Config(page.app(lake), host=page.HOST, port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Served(f"http://{page.HOST}:{port}")
    finally:
        server.should_exit = True
        thread.join(10)
