"""How rows look in a terminal: those that were refused, and those that were published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from lakegate.cli.reads.gold import Gold
    from lakegate.cli.reads.rejected import RejectedFile, RejectedRows


def rejections(files: Sequence[RejectedFile], rows: Sequence[RejectedRows]) -> RenderableType:
    """Rejected files with reason and fix, then where rejected rows lie."""
    parts: list[RenderableType] = []
    if files:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("when", "file", "reason", "detail", "fix"):
            table.add_column(name, overflow="fold")
        for item in files:
            at = f"{item.at:%m-%d %H:%M}"
            where = f" (line {item.line})" if item.line else ""
            table.add_row(at, item.key, item.code, item.detail + where, item.fix)
        parts.append(table)
    if rows:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("rejected rows of", "batch", "run", "bytes", "under"):
            table.add_column(name, overflow="fold")
        for group in rows:
            size = f"{group.size:,}"
            table.add_row(group.dataset, group.batch, group.run_id[:12], size, group.prefix)
        parts.append(table)
    return Group(*parts) if parts else Text("Nothing was rejected.", style="green")


def gold(found: Gold) -> RenderableType:
    """What it adds up to, then each column with its value in the first rows."""
    totals = ", ".join(f"{name} {value}" for name, value in found.totals.items())
    place = f", revision {found.revision}, {found.table}: {totals}"
    head = Text.assemble((found.batch, "bold"), place)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("column")
    for number in range(1, len(found.rows) + 1):
        table.add_column(f"row {number}")
    for name in found.rows[0] if found.rows else ():
        values = [row[name] for row in found.rows]
        table.add_row(name, *("" if value is None else str(value) for value in values))
    return Group(head, table)
