"""A bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lakegate.cli.terminal.safe import Console

_LINE_EVERY_SECONDS = 5.0


@contextmanager
def shown(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A function to call with the rows written so far."""
    if not console.is_terminal:
        yield _logged(console, total)
        return
    columns = (TextColumn("generate"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("rows", total=total)
        yield lambda done: bar.update(task, completed=done)


def _logged(console: Console, total: int) -> Callable[[int], None]:
    last = time.monotonic()

    def show(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _LINE_EVERY_SECONDS:
            last = time.monotonic()
            console.print(f"{done / total:4.0%} of {total:,} rows")

    return show
