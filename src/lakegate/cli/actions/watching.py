"""Following batches until they end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from lakegate.cli.actions import upload
from lakegate.cli.errors import BatchFailedError, TimedOutError
from lakegate.cli.lake import Lake
from lakegate.cli.reads import explain, facts, logs, state
from lakegate.cli.terminal import plain


def steps(lake: Lake, batch: str, timeout: float, every: float) -> Iterator[explain.Step]:
    """Each new step of a batch's story until it is published; times in seconds.

    Raises BatchFailedError when it ends otherwise, TimedOutError when it does not end.
    """
    told: set[tuple[str, datetime | None]] = set()
    until = time.monotonic() + timeout
    while True:
        story = explain.explain(facts.collect(lake, batch), lake.contract, datetime.now(UTC))
        for item in story.steps:
            if (item.text, item.at) not in told:
                told.add((item.text, item.at))
                yield item
        if story.status.state == "failed":
            raise BatchFailedError(f"{batch} failed: lakegate explain {batch}")
        if story.status.state in state.ENDED:
            return
        if time.monotonic() > until:
            raise TimedOutError(f"{batch} is still {story.status.state} after {timeout:g} s")
        time.sleep(every)


def judgements(lake: Lake, done: list[upload.Uploaded], timeout: float) -> None:
    """Wait until the validator has judged each uploaded version. Raises TimedOutError."""
    until = time.monotonic() + timeout
    while not upload.judged(lake, done):
        if time.monotonic() > until:
            raise TimedOutError(f"the validator has judged not all of it after {timeout:g} s")
        time.sleep(0.5)


def lines(lake: Lake, batch: str, every: float | None) -> Iterator[logs.Line]:
    """Each log line of a batch once, and with `every` (seconds) new ones as they come."""
    told: set[str] = set()
    while True:
        for line in logs.timeline(lake, facts.collect(lake, batch)):
            mark = plain.text(line, indent=None)
            if mark not in told:
                told.add(mark)
                yield line
        if every is None:
            return
        time.sleep(every)
