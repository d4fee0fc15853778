"""Commands that only read."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live

from lakegate.cli.actions import watching
from lakegate.cli.errors import UsageError
from lakegate.cli.lake import Unread
from lakegate.cli.reads import explain as stories
from lakegate.cli.reads import facts, overview, rejected
from lakegate.cli.reads import gold as published
from lakegate.cli.terminal import completion, plain, render, tables
from lakegate.cli.terminal.safe import echo, one_line
from lakegate.cli.terminal.shell import AsJson, Batch, lake_of, show
from lakegate.cli.web import html, run_report


def status(
    context: typer.Context,
    last: Annotated[int, typer.Option(min=1, help="At most so many, the last by name.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Batches with state, age and what is missing."""
    now = datetime.now(UTC)
    found = overview.last(lake_of(context), last, now)
    show(found.statuses, as_json, render.batches(found.statuses, now))
    tell_skipped(found.skipped)


def explain(context: typer.Context, batch: Batch, as_json: AsJson = False) -> None:
    """Why a batch has or has not run, and what to do."""
    lake, now = lake_of(context), datetime.now(UTC)
    story = stories.explain(facts.collect(lake, batch), lake.contract, now)
    show(story, as_json, render.explanation(story, now))


def watch(
    context: typer.Context,
    batch: Annotated[
        str | None,
        typer.Argument(help="Follow one batch to its end.", autocompletion=completion.batches),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Give up after so many seconds.")] = 1800,
    every: Annotated[float, typer.Option(min=0, help="Seconds between two looks.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Follow one batch to its end, or all of them until Ctrl-C."""
    lake = lake_of(context)
    if batch is not None:
        follow(context, batch, timeout, every, as_json)
        return
    until = time.monotonic() + timeout
    with Live(console=render.out, auto_refresh=False) as live:
        while time.monotonic() < until:
            now = datetime.now(UTC)
            found = overview.last(lake, 20, now).statuses
            if as_json:
                echo(plain.text(found, indent=None))
            else:
                live.update(render.batches(found, now), refresh=True)
            time.sleep(every)


def tell_skipped(skipped: Sequence[Unread]) -> None:
    """Say on standard error what is not shown, and why."""
    for item in skipped:
        told = one_line(f"skipped: {item.name}: {item.why}")
        render.err.print(told, style="yellow", soft_wrap=True)


def follow(context: typer.Context, batch: str, timeout: float, every: float, as_json: bool) -> None:
    """Print the steps of a batch until it ends."""
    for item in watching.steps(lake_of(context), batch, timeout, every):
        if as_json:
            echo(plain.text(item, indent=None))
        else:
            render.out.print(render.step(item))


def gold(
    context: typer.Context,
    batch: Batch,
    rows: Annotated[int, typer.Option(min=1, help="The first so many.")] = 3,
    table: Annotated[str | None, typer.Option(help="Else the contract's first.")] = None,
    as_json: AsJson = False,
) -> None:
    """What readers see of a batch: totals and first rows of a published table."""
    found = published.seen(lake_of(context), batch, rows, table)
    show(found, as_json, tables.gold(found))


def list_rejected(
    context: typer.Context,
    of: Annotated[
        str | None,
        typer.Argument(
            metavar="batch", help="Of this batch only.", autocompletion=completion.batches
        ),
    ] = None,
    batch: Annotated[
        str | None, typer.Option(help="The same.", autocompletion=completion.batches)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rejected files with reason and fix, and where rejected rows lie."""
    if of and batch and of != batch:
        raise UsageError(f"{of} or {batch}: name one batch")
    lake, batch = lake_of(context), of or batch
    found = rejected.of_batches(lake, None if batch is None else [batch])
    files, rows = found.files, list(rejected.rows(lake, batch))
    show({"files": files, "rows": rows}, as_json, tables.rejections(files, rows))
    tell_skipped(found.unread)


def show_logs(
    context: typer.Context,
    batch: Batch,
    follow_on: Annotated[bool, typer.Option("--follow", help="Go on until Ctrl-C.")] = False,
    as_json: AsJson = False,
) -> None:
    """The lines of validator, job and reconciler about a batch, in one timeline."""
    for line in watching.lines(lake_of(context), batch, 2 if follow_on else None):
        if as_json:
            echo(plain.text(line, indent=None))
        else:
            render.out.print(render.log_line(line), soft_wrap=True)


def report(
    context: typer.Context,
    batch: Batch,
    revision: Annotated[
        str | None, typer.Option(help="Beginning of its id; else the published one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the HTML; else report-<batch>.html.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the report of a run as one HTML page that needs no network."""
    found = run_report.collect(lake_of(context), batch, revision)
    if as_json and out is None:
        echo(plain.text(found))
        return
    target = out or Path(f"report-{batch}.html")
    target.write_text(html.run_report(found), encoding="utf-8")
    show({"written": target}, as_json, f"{target}: {target.stat().st_size:,} bytes")
