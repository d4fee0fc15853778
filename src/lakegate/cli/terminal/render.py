"""How values look in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lakegate.cli.terminal.safe import Console, one_line
from lakegate.contract.wording import some

if TYPE_CHECKING:
    from lakegate.cli.reads.explain import Explanation, Step
    from lakegate.cli.reads.logs import Line
    from lakegate.cli.reads.state import Status

COLOURS = {
    "published": "green",
    "running": "cyan",
    "starting": "cyan",
    "publishing": "cyan",
    "complete": "cyan",
    "queued": "yellow",
    "waiting": "yellow",
    "retrying": "yellow",
    "overdue": "bold red",
    "failed": "bold red",
    "rejected": "red",
    "uploaded": "yellow",
}
MARKS = {
    "done": ("✓", "green"),
    "bad": ("✗", "red"),
    "waits": ("…", "yellow"),
    "told": ("·", "dim"),
}
NARROW = 70  # columns of a terminal in which a table of batches would be cut
BESIDE_MESSAGE = " " * 26  # what stands before the message of a log line
UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))

out = Console()
err = Console(stderr=True)


def age(moment: datetime | None, now: datetime) -> str:
    """`3 min`: the time since a moment in its largest whole unit."""
    if moment is None:
        return ""
    seconds = max(0, int((now - moment).total_seconds()))
    for size, unit in UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "now"


def word(state: str) -> Text:
    """A state in its colour."""
    return Text(state, style=COLOURS.get(state, ""))


def batches(statuses: Sequence[Status], now: datetime) -> RenderableType:
    """One line per batch, with what needs a person's eye in the last column.

    A terminal that is too narrow for columns gets a sentence per batch.
    """
    if not statuses:
        return Text("No batch yet. Upload one: lakegate upload <files>", style="dim")
    if out.width < NARROW:
        return Group(*(standing(status, now) for status in statuses))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("batch", "state", "for", "rows", "revision"):
        table.add_column(name, no_wrap=True, justify="right" if name == "rows" else "left")
    table.add_column("what about it")
    for status in statuses:
        rows = " + ".join(f"{count:,}" for count in status.table_rows.values())
        revision = status.published_revision or status.revision or ""
        since = age(status.since, now)
        table.add_row(status.batch, word(status.state), since, rows, revision[:8], about(status))
    return table


def about(status: Status) -> str:
    """What a reader should know beyond the state."""
    parts = []
    if status.state in ("waiting", "overdue"):
        parts.append(f"missing: {', '.join(status.missing)}")
    if status.attempt is not None and status.attempt > 1:
        parts.append(f"attempt {status.attempt}")
    if status.rejected_files:
        parts.append(f"{status.rejected_files} rejected {some(status.rejected_files, 'file')}")
    if status.unjudged_files:
        parts.append(f"{status.unjudged_files} not judged yet")
    if status.note:
        parts.append(status.note)
    return "; ".join(parts)


def standing(status: Status, now: datetime) -> Text:
    """A batch with its state in one sentence."""
    told = Text.assemble((status.batch, "bold"), " is ", word(status.state))
    if status.since is not None:
        told.append(f" for {age(status.since, now)}")
    if detail := about(status):
        told.append(f" ({detail})")
    return told


def explanation(story: Explanation, now: datetime) -> RenderableType:
    """The story of a batch, its fixes indented, then what to do."""
    lines: list[RenderableType] = [standing(story.status, now), Text()]
    lines += [step(item) for item in story.steps]
    if story.advice:
        lines += [Text(), Text("what to do", style="bold")]
        lines += [Text(f"  → {item}") for item in story.advice]
    return Group(*lines)


def step(item: Step) -> Text:
    """One line of a story."""
    sign, colour = MARKS[item.mark]
    at = f"{item.at:%H:%M:%S}" if item.at else " " * 8
    line = Text.assemble("  ", (sign, colour), " ", (at, "dim"), "  ", one_line(item.text))
    if item.fix:
        line.append(f"\n               fix: {item.fix}", style="dim")
    return line


def log_line(line: Line) -> Text:
    """A log line: moment, source, message, own fields; what follows its first line is indented."""
    colour = {"WARNING": "yellow", "ERROR": "red", "CRITICAL": "red"}.get(line.level, "")
    detail = one_line("  ".join(f"{name}={value}" for name, value in line.detail.items()))
    return Text.assemble(
        (f"{line.at:%H:%M:%S.%f}"[:-3], "dim"),
        "  ",
        (f"{line.source:<10}", "cyan"),
        "  ",
        (line.message.replace("\n", f"\n{BESIDE_MESSAGE}"), colour),
        (f"  {detail}" if detail else "", "dim"),
    )
