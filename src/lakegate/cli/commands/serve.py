"""The command that serves the live page."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn

from lakegate.cli.errors import RefusedError
from lakegate.cli.terminal import render
from lakegate.cli.terminal.shell import lake_of
from lakegate.cli.web import page as pages


def page(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
) -> None:
    """Serve a live, read-only page of the lake on this machine until Ctrl-C."""
    application = pages.app(lake_of(context))
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((pages.HOST, port))
        except OSError as error:
            raise RefusedError(
                f"Port {port} of {pages.HOST} is taken, perhaps by the page of make up: "
                f"http://{pages.HOST}:{port}\n  for another one:  lakegate page --port {port + 1}"
            ) from error
    render.out.print(f"http://{pages.HOST}:{port}  (Ctrl-C ends it)")
    uvicorn.run(application, host=pages.HOST, port=port, log_level="warning")
