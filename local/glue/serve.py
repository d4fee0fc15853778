"""Puts a Glue together: state, Spark, logs, events."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from local.glue.app import Glue, action_of
from local.glue.asgi import Asgi, Receive, Scope, Send, read_body, send_json
from local.glue.runs.aws import Aws
from local.glue.runs.logs import Shipper
from local.glue.runs.process import SparkProcess
from local.glue.runs.spark import SparkSettings
from local.glue.state import Doc, State


def assemble(
    folder: Path, aws: Aws, settings: SparkSettings, announce: Callable[[Doc], None]
) -> Glue:
    """A Glue that keeps its state and its runs' logs in the folder."""

    def shipper(job: Doc, run_id: str, run_folder: Path) -> Shipper:
        return Shipper(aws.logs, job, run_id, run_folder)

    execute = SparkProcess(settings, aws, shipper, folder / "runs")
    return Glue(State(folder / "glue.json"), execute, announce)


class GlueApp:
    """The ASGI application of a Glue alone; GET /health answers 200."""

    def __init__(self, glue: Glue) -> None:
        self._glue = glue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            body = await read_body(receive)
            action = action_of(scope)
            if action is None:
                status = 200 if scope["path"] == "/health" else 404
                await send_json(send, status, {"service": "glue"})
            else:
                await send_json(send, *self._glue.answer(action, body))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})


def serve(app: Asgi, glue: Glue, host: str, port: int) -> None:
    """Serves until SIGTERM or Ctrl-C, then ends the runs and the application, in this order."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("botocore").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
        server_header=False,
        date_header=False,
    )
    _Server(config, glue).run()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, glue: Glue) -> None:
        super().__init__(config)
        self._glue = glue

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends the runs while their last log lines can still be taken."""
        await asyncio.to_thread(self._glue.runs.stop_everything)
        await super().shutdown(sockets)
