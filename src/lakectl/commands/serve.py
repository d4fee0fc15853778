"""The command that serves the live page."""

from __future__ import annotations

from typing import Annotated

import typer
import uvicorn

from lakectl import page as pages
from lakectl import render
from lakectl.shell import lake_of


def page(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8501,
) -> None:
    """Serve a live, read-only page of the lake on this machine until Ctrl-C."""
    application = pages.app(lake_of(context))
    render.out.print(f"http://{pages.HOST}:{port}  (Ctrl-C ends it)")
    uvicorn.run(application, host=pages.HOST, port=port, log_level="warning")
