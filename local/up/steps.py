"""What `up` shows at work: one moving line on a terminal, one line per finished step in a log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.status import Status
from rich.text import Text

from lakegate.cli.terminal.safe import Console

WIDTH = 34


class Step:
    """A step under way; `detail` may be changed until it ends."""

    def __init__(self, title: str, status: Status | None) -> None:
        self.title = title
        self.detail = ""
        self._status = status

    def say(self, detail: str) -> None:
        """Says how far the step is."""
        self.detail = detail
        if self._status:
            self._status.update(Text.assemble(self.title, "  ", (detail, "dim")))


class Steps:
    """A row of named steps with their times."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Shows a step from its beginning to its end, good or bad."""
        began = time.monotonic()
        live = self.console.is_terminal
        status = Status(title, console=self.console) if live else None
        step = Step(title, status)
        if status:
            status.start()
        try:
            yield step
        except BaseException:
            self._finish(status, ("✗", "red"), step, began)
            raise
        self._finish(status, ("✓", "green"), step, began)

    @property
    def seconds(self) -> float:
        """Time since the first step could have begun."""
        return time.monotonic() - self.began

    def _finish(
        self, status: Status | None, mark: tuple[str, str], step: Step, began: float
    ) -> None:
        if status:
            status.stop()
        took = f"{time.monotonic() - began:6.1f} s"
        words = (mark, f" {step.title:{WIDTH}} ", (took, "cyan"), "  ", (step.detail, "dim"))
        self.console.print(Text.assemble(*words), soft_wrap=True)
