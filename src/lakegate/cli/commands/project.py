"""Commands that work on a project in a folder and know no lake."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from lakegate.cli.errors import UsageError
from lakegate.infer import marts, writing
from lakegate.infer import project as projects
from lakegate.infer.errors import InferError
from lakegate.infer.infer import infer

Files = Annotated[list[Path], typer.Argument(help="Data files, or folders of them.")]


def infer_contract(files: Files) -> None:
    """Print the contract that data files suggest, with what was seen."""
    try:
        _, datasets = infer(files)
        text = writing.contract(
            projects.project_name(Path.cwd()), datasets, [marts.first(datasets)]
        )
    except InferError as error:
        raise UsageError(str(error)) from error
    typer.echo(text, nl=False)


def new_project(
    project: Annotated[Path, typer.Argument(help="Folder to write, which must not exist.")],
    source: Annotated[str, typer.Option("--from", help="A folder, or files, of data.")] = "",
) -> None:
    """Write a project from data files: contract, first table, sample data and a first case."""
    try:
        made = projects.new(project, _paths(source), lambda *_: "")
    except InferError as error:
        raise UsageError(str(error)) from error
    for name in made.files:
        typer.echo(f"  {made.folder / name}")
    typer.echo(f"next: make up PROJECT={shlex.quote(str(made.folder))}")


def _paths(text: str) -> list[Path]:
    """One path with blanks in it, or several."""
    if not text.strip():
        raise InferError("FROM is empty: name a folder, or files, of data")
    whole = Path(text)
    return [whole] if whole.exists() else [Path(part) for part in shlex.split(text)]
