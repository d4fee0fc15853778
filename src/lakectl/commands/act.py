"""Commands that change something; those that override the pipeline leave an audit entry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.text import Text

from lakectl import render, upload, watching
from lakectl.commands import look
from lakectl.shell import AsJson, lake_of, show


def upload_files(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="JSON Lines files, or folders of them.")],
    batch: Annotated[
        str | None, typer.Option(help="The batch they belong to; without it, `default`.")
    ] = None,
    wait: Annotated[bool, typer.Option(help="Follow the batch to its end.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put files into bronze. Names and sizes are checked first: all are sent or none."""
    lake = lake_of(context)
    planned = upload.plan(files, batch, lake.contract)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=render.err, disable=as_json, transient=True) as progress:
        tasks = {item.key: progress.add_task(item.key, total=item.size) for item in planned}

        def sent(item: upload.Planned, size: int) -> None:
            progress.advance(tasks[item.key], size)

        done = [upload.send(lake, item, sent) for item in planned]
    lines = [Text.assemble(("✓", "green"), f" {item.key}  {item.size:,} bytes") for item in done]
    show(done, as_json, Text("\n").join(lines))
    if wait:
        watching.judgements(lake, done, timeout=120)
        for name in sorted({upload.batch_of(item.key, lake.contract) for item in done}):
            look.follow(context, name, 1800, 1, as_json)
