"""Commands that change something; those that override the pipeline leave an audit entry."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.text import Text

from lakegate.cli.actions import operations, rebuilding, upload, watching
from lakegate.cli.commands import look
from lakegate.cli.reads import explain
from lakegate.cli.terminal import completion, render
from lakegate.cli.terminal.shell import AsJson, Batch, lake_of, show
from lakegate.contract.wording import counted
from lakegate.files import naming

Wait = Annotated[bool, typer.Option(help="Follow the batch to its end.")]


def upload_files(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Data files, or folders of them.")],
    batch: Annotated[
        str | None,
        typer.Option(
            help="The batch they belong to; without it, `default`.",
            autocompletion=completion.batches,
        ),
    ] = None,
    wait: Wait = False,
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
    lines = [
        Text.assemble(("✓", "green"), f" {item.key}  {counted(item.size, 'byte')}") for item in done
    ]
    show(done, as_json, Text("\n").join(lines))
    if wait:
        watching.judgements(lake, done, timeout=120)
        for name in sorted({naming.batch_of(item.key, lake.contract) for item in done}):
            look.follow(context, name, 1800, 1, as_json)


def replay(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    batch: Batch,
    reason: Annotated[str, typer.Option(help="Why, for the audit.")] = operations.REPLAY_REASON,
    engine: Annotated[
        Literal["spark", "duckdb"] | None, typer.Option(help="Else as the contract says.")
    ] = None,
    of: Annotated[
        int | None, typer.Option(help="The attempt to repeat; one that was replayed is left alone.")
    ] = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Run the present files of a batch again, and those that had landed unread.

    Readers keep the old rows until it publishes.
    """
    done = operations.replay(lake_of(context), batch, reason, engine, of)
    claim = done.claim
    is_queued = "was asked for already" if done.already else "is queued"
    told = f"{batch}: attempt {claim.attempt} of {claim.revision} {is_queued}, for {claim.engine}"
    if done.taken:
        told += f", with {', '.join(done.taken)}, which had landed before"
    show(claim, as_json, told)
    if wait:
        look.follow(context, batch, 1800, 1, as_json)


def force(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    batch: Batch,
    without: Annotated[list[str], typer.Option(help="A dataset or a file's stem; repeatable.")],
    reason: Annotated[str, typer.Option(help="Why, for the audit.")] = "force asked for",
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Let an incomplete batch go on without some datasets or files."""
    done = operations.force(lake_of(context), batch, without, reason)
    goes = f"still waits for {', '.join(done.missing)}" if done.missing else "goes on"
    as_before = ", as was ordered before" if done.already else ""
    told = f"{batch} {goes}, without {', '.join(without)}{as_before}"
    show({"batch": batch, "without": without, "missing": done.missing}, as_json, told)
    if wait:
        look.follow(context, batch, 1800, 1, as_json)


def rollback(  # noqa: PLR0913, PLR0917 - each is an option
    context: typer.Context,
    batch: Batch,
    to: Annotated[
        str | None, typer.Option(help="Revision to go back to; else the one before.")
    ] = None,
    away_from: Annotated[
        str | None,
        typer.Option("--from", help="The run that readers shall not see; else what they see now."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the audit.")] = "rollback asked for",
    as_json: AsJson = False,
) -> None:
    """Show readers an earlier publication again: a pointer moves, nothing is run.

    Asked for again, it is done already: only a revision that is named goes further back.
    """
    done = operations.rollback(lake_of(context), batch, reason, to, away_from)
    pointer = done.pointer
    again = "already" if done.already else "again"
    told = f"{batch}: readers see {pointer.revision} {again}: {explain.counted(pointer.rows)}"
    left = f"; run {pointer.history[-1].away_from} is rolled away"
    show(pointer, as_json, told + left)


def redrive(
    context: typer.Context,
    most: Annotated[int, typer.Option(min=1, help="At most so many letters.")] = 1000,
    as_json: AsJson = False,
) -> None:
    """Give every function what it gave up on: the dead letters of all queues."""
    done = operations.redriven(lake_of(context), most)
    told = [
        f"{queue}: {item.handled} handled, {item.failed} failed again, "
        f"{item.unreadable} are no events"
        for queue, item in done.items()
    ]
    show(done, as_json, "\n".join(told))
    if any(item.failed or item.unreadable for item in done.values()):
        raise typer.Exit(1)


def rebuild(
    context: typer.Context,
    timeout: Annotated[float, typer.Option(help="Give up after so many seconds.")] = 6 * 3600,
    every: Annotated[float, typer.Option(min=0, help="Seconds between two looks.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Make silver, control and gold from bronze again, where they were lost."""
    for found in rebuilding.rebuild(lake_of(context), timeout, every):
        states = ", ".join(f"{count} {state}" for state, count in sorted(found.batches.items()))
        show(
            found,
            as_json,
            f"{states or 'no batch'}; {counted(found.unjudged, 'file')} not judged yet",
        )
