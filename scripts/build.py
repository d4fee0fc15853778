"""Packs what AWS runs of a project: zips and the Glue script, the same bytes every time."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Annotated

import typer

from lakegate.cli.terminal.safe import echo
from lakegate.cli.terminal.shell import warned
from lakegate.contract import ContractError
from lakegate.contract.project import Project
from lakegate.packing.build import build
from lakegate.packing.errors import BuildError

ROOT = Path(__file__).resolve().parent.parent


def main(
    project: Annotated[Path, typer.Option(help="Folder with a pipeline.yaml.")] = ROOT / "config",
    out: Annotated[Path, typer.Option(help="Folder for the artifacts.")] = ROOT / "build",
    engine: Annotated[str | None, typer.Option(help="spark, duckdb or auto.")] = None,
) -> None:
    """Build every artifact of a project."""
    warnings.showwarning = warned
    try:
        artifacts = build(Project.open(project), out, ROOT / "src", engine)
    except (BuildError, ContractError) as error:
        echo(f"build: {error}", err=True)
        sys.exit(1)
    for artifact in artifacts:
        typer.echo(f"{artifact} ({artifact.stat().st_size:,} bytes)")


if __name__ == "__main__":
    typer.run(main)
