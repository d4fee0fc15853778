"""How rows look in a terminal: those that were refused, and those that were published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Column, Table
from rich.text import Text

from lakegate.cli.terminal.safe import one_line

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
            key, detail = one_line(item.key), one_line(item.detail)
            table.add_row(at, key, item.code, detail + where, item.fix)
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


def cell(value: Any) -> str:
    """A value of a published row; instants in UTC."""
    match value:
        case None:
            return "-"
        case bool():
            return "true" if value else "false"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}{f'.{value:%f}' if value.microsecond else ''}"
    return one_line(str(value))


def gold(found: Gold) -> RenderableType:
    """What it adds up to, then each column with its value in the first rows."""
    totals = ", ".join(f"{name} {value}" for name, value in found.totals.items())
    place = f", revision {found.revision}, {found.table}{': ' if totals else ''}{totals}"
    head = Text.assemble((found.batch, "bold"), place)
    others = f"--table shows {' or '.join(found.others)}" if found.others else ""
    table = upright(found.rows, box=box.SIMPLE_HEAD, pad_edge=False)
    return Group(head, table, others) if others else Group(head, table)


def upright(rows: Sequence[dict[str, Any]], **style: Any) -> Table:
    """A line for each column, with its value in each row."""
    heads = ("column", *(f"row {number}" for number in range(1, len(rows) + 1)))
    table = Table(*(Column(head, overflow="fold") for head in heads), **style)
    for name in rows[0] if rows else ():
        table.add_row(name, *(cell(row[name]) for row in rows))
    return table
