"""A look at what a project makes of files, on DuckDB and without a lake."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from lakegate.cli.commands.project import HERE, Folder
from lakegate.cli.errors import NotFoundError, UsageError
from lakegate.cli.terminal import render, tables
from lakegate.contract.project import Project
from lakegate.files.errors import FileFault
from lakegate.transform.errors import JobError, PlanError
from lakegate.transform.sql import SqlError

NARROW = 6  # columns that fit beside each other


def preview(
    project: Folder = HERE,
    folder: Annotated[
        Path | None, typer.Option("--in", help="Folder of files; else the sample data.")
    ] = None,
    relation: Annotated[str, typer.Option(help="Table or view; else every table.")] = "",
    rows: Annotated[int, typer.Option(min=1, help="Rows to show of each.")] = 3,
) -> None:
    """Run a project's SQL over files: the outcome of every line, and first rows."""
    from lakegate.trial.running import Trial  # noqa: PLC0415 - starts DuckDB

    found = Project.open(project)
    if folder is not None and not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    paths = found.samples() if folder is None else sorted(folder.iterdir())
    try:
        trial = Trial(found.contract)
    except (SqlError, PlanError) as error:
        raise UsageError(found.located(str(error))) from error
    names = [relation] if relation else list(found.contract.gold_tables)
    unknown = [name for name in names if name not in trial.relations]
    if unknown:
        raise NotFoundError(f"no relation {unknown[0]}; there are {', '.join(trial.relations)}")
    try:
        looked = trial.look(paths, names, rows)
    except (FileFault, JobError) as error:
        raise UsageError(str(error)) from error
    if not looked.outcomes:
        raise UsageError(
            f"no file of {', '.join(found.contract.read)} in {folder or 'the samples'}"
        )
    _show("lines", [row | {"lines": row.pop("line_count")} for row in looked.outcomes])
    for name in names:
        _show(name, looked.rows[name])


def _show(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """Prints rows; many columns stand below each other."""
    if not rows:
        render.out.print(f"{title}: no rows")
        return
    names = list(rows[0])
    if len(names) > NARROW:
        table = tables.upright(rows, title=title, title_justify="left")
    else:
        table = Table(*names, title=title, title_justify="left")
        for row in rows:
            table.add_row(*map(tables.cell, row.values()))
    render.out.print(table)
