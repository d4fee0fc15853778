"""Runs a project's SQL on DuckDB over local files: seconds from a change to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.table import Table

from lakegate.cli.terminal.safe import Console
from lakegate.contract import ContractError
from lakegate.contract.project import Project
from lakegate.infer.errors import InferError
from lakegate.transform.errors import JobError, PlanError
from lakegate.transform.plan import OUTCOMES
from lakegate.transform.sql import SqlError
from lakegate.trial.running import Trial

ROOT = Path(__file__).resolve().parent.parent
NARROW = 6  # columns that fit beside each other
TROUBLE = (ContractError, InferError, JobError, PlanError, SqlError, duckdb.Error)


def main(
    project: Annotated[Path, typer.Option(help="Folder with a pipeline.yaml.")] = ROOT / "config",
    folder: Annotated[
        Path | None, typer.Option("--in", help="Folder with the files, else the sample data.")
    ] = None,
    relation: Annotated[
        str, typer.Option(help="View or table to show, else the first gold table.")
    ] = "",
    rows: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 3,
) -> None:
    """Show the outcomes of every line and the first rows of one relation."""
    console = Console()
    try:
        opened = Project.open(project)
        wanted = relation or next(iter(opened.contract.gold_tables))
        with Trial(opened.contract).over(_files(opened, folder)) as engine:
            outcomes = f"from {OUTCOMES} where line_count > 0 order by dataset, line_count desc"
            show(console, engine.rows(outcomes))
            show(console, engine.rows(f'from "{wanted}"', rows))
    except TROUBLE as error:
        typer.echo(f"preview: {str(error).splitlines()[0]}", err=True)
        raise typer.Exit(1) from error


def _files(opened: Project, folder: Path | None) -> list[Path]:
    """The files of the datasets. InferError names one that is required and not there."""
    found = opened.samples() if folder is None else sorted(folder.iterdir())
    names = tuple(opened.contract.read)
    files = [path for path in found if path.name.startswith(names)]
    for name in opened.contract.gate.required:
        if name in names and not any(path.name.startswith(name) for path in files):
            raise InferError(f"{folder or opened.sample_data} has no {name}.json")
    return files


def show(console: Console, found: Sequence[dict[str, Any]]) -> None:
    """Prints rows; many columns stand below each other."""
    names = list(found[0]) if found else []
    cells = [["" if value is None else str(value) for value in row.values()] for row in found]
    if len(names) <= NARROW:
        table = Table(*names)
        for row in cells:
            table.add_row(*row)
    else:
        table = Table("column", *(f"row {number}" for number in range(1, len(cells) + 1)))
        for name, *values in zip(names, *cells, strict=True):
            table.add_row(name, *values)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
