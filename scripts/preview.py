"""Runs the job's own `.sql` files on DuckDB over local files: seconds from a change to its rows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import duckdb
import typer
from rich.table import Table

from lakegate.cli.terminal.safe import Console

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # started as a script, not as a module
    sys.path.insert(0, str(ROOT))

from lakegate.contract import load  # noqa: E402
from scripts.previewing.engine import relations  # noqa: E402

NARROW = 6  # columns that fit beside each other


def main(
    folder: Annotated[Path, typer.Option("--in", help="Folder with the JSON files.")] = (
        ROOT / "data" / "sample_data"
    ),
    relation: Annotated[str, typer.Option(help="View to show.")] = "user_activity",
    rows: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 3,
) -> None:
    """Show the outcomes of every line and the first rows of one relation."""
    contract = load(ROOT / "config" / "pipeline.yaml")
    files = {name: sorted(folder.glob(f"{name}*.json")) for name in contract.read}
    for name, paths in files.items():
        if not paths and name in contract.gate.required:
            typer.echo(f"preview: {folder} has no {name}.json", err=True)
            raise typer.Exit(1)
    lines = {
        name: (line for path in paths for line in path.read_bytes().split(b"\n"))
        for name, paths in files.items()
    }
    connection = relations(contract, lines)
    console = Console()
    show(console, connection, "select * from line_outcomes order by dataset, line_count desc")
    try:
        show(console, connection, f"select * from {relation} limit {rows}")
    except duckdb.CatalogException as error:
        typer.echo(f"preview: {str(error).splitlines()[0]}", err=True)
        raise typer.Exit(1) from error


def show(console: Console, connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Prints the rows of a query; many columns stand below each other."""
    found = connection.sql(query).to_arrow_table()
    rows = [
        ["" if value is None else str(value) for value in row.values()] for row in found.to_pylist()
    ]
    if found.num_columns <= NARROW:
        table = Table(*found.column_names)
        for row in rows:
            table.add_row(*row)
    else:
        table = Table("column", *(f"row {number}" for number in range(1, len(rows) + 1)))
        for name, *values in zip(found.column_names, *rows, strict=True):
            table.add_row(name, *values)
    console.print(table)


if __name__ == "__main__":
    typer.run(main)
