"""What a published batch looks like: lines by outcome, and the first rows of each gold table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.text import Text

from lakegate.cli.lake import Lake
from lakegate.cli.reads import gold
from lakegate.cli.reads.facts import Facts
from lakegate.cli.terminal.safe import Console
from lakegate.cli.terminal.tables import cell
from lakegate.contract.wording import counted

COUNTS = ("read", "used", "deduplicated")
BESIDE = ("nulled_", "rounded_")
ROWS = 5
WIDEST = 28  # characters of a column


def show(console: Console, lake: Lake, found: Facts) -> None:
    """Prints what became of the lines, and each table as readers see it."""
    pointer = found.published
    assert pointer is not None
    report = found.revisions[pointer.revision].report or {}
    console.print()
    console.print(_lines(report.get("datasets", {})))
    for name in lake.contract.gold_tables:
        if name in pointer.tables:
            rows = gold.head(lake, pointer.tables[name], ROWS)
            console.print(_table(console, name, rows, pointer.rows.get(name, 0)))
            console.print(
                f"s3://{lake.settings.gold_bucket}/{pointer.tables[name]}",
                soft_wrap=True,
                highlight=False,
            )


def _lines(datasets: Mapping[str, Mapping[str, int]]) -> Table:
    table = Table(title="Lines", title_justify="left")
    table.add_column("dataset")
    for name in (*COUNTS, "rejected"):
        table.add_column(name, justify="right")
    table.add_column("of these, and beside them")
    for dataset, numbers in datasets.items():
        shown = [numbers.get(name, 0) for name in COUNTS]
        shown.append(shown[0] - shown[1] - shown[2])
        rest = {name: count for name, count in numbers.items() if name not in COUNTS}
        told = sorted(rest.items(), key=lambda item: (item[0].startswith(BESIDE), item[0]))
        table.add_row(
            dataset,
            *(f"{count:,}" for count in shown),
            ", ".join(f"{name} {count:,}" for name, count in told if count),
        )
    return table


def _table(console: Console, name: str, rows: list[dict[str, Any]], total: int) -> Table | Text:
    title = f"{name}: {len(rows)} of {counted(total, 'row')}"
    table = Table(title=title, title_justify="left")
    cells = {column: [cell(row[column]) for row in rows] for column in (rows[0] if rows else ())}
    shown = list(_that_fit(cells, console.width))
    for column in shown:
        values = [row[column] for row in rows if not isinstance(row[column], bool)]
        is_number = any(isinstance(value, int | float | Decimal) for value in values)
        table.add_column(column, justify="right" if is_number else "left", max_width=WIDEST)
    for number in range(len(rows)):
        table.add_row(*(cells[column][number] for column in shown))
    if others := [column for column in cells if column not in shown]:
        table.caption, table.caption_justify = f"and {', '.join(others)}", "left"
    return table if rows else Text(title, style="italic")


def _that_fit(cells: Mapping[str, list[str]], width: int) -> Iterator[str]:
    """The first columns that have room side by side, at least one."""
    used = 1
    for column, texts in cells.items():
        used += min(WIDEST, max(map(len, (column, *texts)))) + 3
        if used > width and column != next(iter(cells)):
            return
        yield column
