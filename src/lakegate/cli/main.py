"""The command line: `lakegate <command>`, on AWS and here with the same environment."""

from __future__ import annotations

import os
import warnings
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from lakegate import contract
from lakegate.cli import lake as lakes
from lakegate.cli import settings
from lakegate.cli.commands import act, check, look, preview, project, serve
from lakegate.cli.lake import Lake
from lakegate.cli.terminal.safe import echo
from lakegate.cli.terminal.shell import App, warned

EXIT_CODES = """Exit codes: 0 done · 1 trouble with AWS · 2 wrong usage · 3 not configured ·
4 not found · 5 refused · 6 the watched batch failed · 7 it did not end in time."""

app = App(
    help="Operate the lake, here and on AWS.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def say_version(wanted: bool) -> None:
    """Print the version of the installed package and end."""
    if wanted:
        echo(f"lakegate {metadata.version('commerce-data-pipeline')}")
        raise typer.Exit


@app.callback()
def connect(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=say_version, is_eager=True, help="Print the version."),
    ] = False,
    terraform: Annotated[
        Path | None,
        typer.Option(help="Root module whose outputs say where the lake is; else the environment."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="The contract; else config/pipeline.yaml here or above.")
    ] = None,
) -> None:
    """Operate the lake, here and on AWS."""
    warnings.showwarning = warned

    def lake() -> Lake:
        where = (
            settings.from_terraform(terraform)
            if terraform
            else settings.from_environment(os.environ)
        )
        rules = contract.load(config or settings.contract_path(Path.cwd(), os.environ))
        return Lake(lakes.aws, where, rules)

    context.obj = lake


app.command()(look.status)
app.command()(look.explain)
app.command()(look.watch)
app.command()(look.gold)
app.command("rejected")(look.list_rejected)
app.command("logs")(look.show_logs)
app.command()(look.report)
app.command("check")(check.check_files)
app.command("upload")(act.upload_files)
app.command()(act.replay)
app.command()(act.force)
app.command()(act.redrive)
app.command()(act.rebuild)
app.command()(act.rollback)
app.command()(serve.page)
app.command("infer")(project.infer_contract)
app.command("new")(project.new_project)
app.command("sql")(project.print_sql)
app.command("test")(project.test_project)
app.command()(preview.preview)

if __name__ == "__main__":
    app()
