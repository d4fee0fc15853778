"""The commands behind `make up`, `down`, `clean`, `logs` and `shell`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import warnings
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError

from lakegate.cli.lake import Clients
from lakegate.cli.terminal.safe import Console
from lakegate.cli.terminal.shell import warned
from lakegate.contract import ContractError
from lakegate.contract.model import Engine
from lakegate.contract.project import Project
from local import projects
from local.backends import choice as backends
from local.backends import container_logs, containers, localstack, page, ports
from local.errors import FlowError, LocalError
from local.places import ROOT, SHARED, Places
from local.tools import preflight, toolchain
from local.up import program as up
from local.up.lakes import client_of
from local.up.logs import tail
from local.up.steps import Steps

WIDTH_OF_A_LOG = 120
INTERRUPTED = 130

app = typer.Typer(
    help=__doc__, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)
ProjectFolder = Annotated[
    Path, typer.Option("--project", help="Folder with a pipeline.yaml, and its state with it.")
]
State = Annotated[
    Path | None, typer.Option(help="Folder of the state, if not that of the project.")
]
Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="Port on 127.0.0.1; else a free one.")
]


@app.command("up")
def up_command(  # noqa: PLR0913, PLR0917 - each is an option
    backend: Annotated[str | None, typer.Option(help="embedded or localstack.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Rows to generate.")] = None,
    project: ProjectFolder = projects.DEFAULT,
    engine: Annotated[
        Engine | None, typer.Option(help="spark, duckdb or auto, whatever the contract says.")
    ] = None,
    state: State = None,
    port: Port = None,
    infrastructure_only: Annotated[
        bool, typer.Option("--infrastructure-only", help="Stop after terraform apply.")
    ] = False,
) -> None:
    """Start everything, upload data, follow it to gold and show it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    warnings.showwarning = warned
    console = _console()
    steps = Steps(console)
    stack: backends.Backend | None = None
    was_running = False
    try:
        opened = Project.open(project)
        preflight.check(rows)
        places = Places(state.resolve()) if state else projects.places_for(opened)
        projects.claimed(opened, places)
        with steps.step("check tools") as step:
            is_up = bool(backends.running(places))
            spark = (engine or opened.contract.engine) != "duckdb"
            stack, reason = backends.choose(
                backend, places, ports.choose(places, port, is_up), rows, spark=spark
            )
            along = toolchain.brought_along(spark=spark)
            step.say("; ".join(filter(None, (reason, *along))))
        was_running = stack.pid() is not None
        program = up.Up(stack, places, steps, rows, project, engine)
        if infrastructure_only:
            program.deploy()
        else:
            program()
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not cut the stop short
        if stack:
            page.stop(stack.places)
            stack.stop()
        console.print("interrupted: everything that was started has been stopped", style="red")
        raise typer.Exit(INTERRUPTED) from None
    except (LocalError, ContractError, ClientError, BotoCoreError) as error:
        if stack and not was_running:
            page.stop(stack.places)
            stack.stop()
        _fail(console, str(error))
    except FlowError as error:
        _fail(console, f"{error.what}\n  {error.where}")


@app.command()
def down(project: ProjectFolder = projects.DEFAULT, state: State = None) -> None:
    """Stop the emulator; data and state are kept, but for LocalStack's, which keeps none."""
    console = _console()
    places = _places(project, state)
    kept = "" if backends.running(places) == "localstack" else "; state is kept"
    console.print(f"stopped{kept}" if backends.stop(places) else "nothing was running")
    for other in projects.known() if state is None else ():
        if other != places and backends.running(other):
            option = projects.option_of(other)
            console.print(f"{other.folder.name} is still up: make down{option}", soft_wrap=True)


@app.command()
def clean(project: ProjectFolder = projects.DEFAULT, state: State = None) -> None:
    """Stop the emulator and remove its data and state; downloads and environments stay."""
    places = _places(project, state)
    backends.stop(places)
    localstack.stop(places, volumes=True)
    up.forget_env(places)
    generated = (SHARED / "data", ROOT / "build") if project == projects.DEFAULT else ()
    for folder in (places.folder, *generated):
        shutil.rmtree(folder, ignore_errors=True)
    _console().print("removed")


@app.command()
def logs(
    project: ProjectFolder = projects.DEFAULT, state: State = None, follow: bool = True
) -> None:
    """Show the logs of the emulator, the functions and the job runs as they grow."""
    places = _places(project, state)
    if backends.running(places) != "localstack":
        tail(places, _console(), follow=follow)
        return
    name = containers.project_of(places)
    endpoint = localstack.endpoint_of(containers.port_of(name))
    container_logs.tail(name, Clients(client_of(endpoint)), _console(), follow=follow)


@app.command()
def shell(project: ProjectFolder | None = None, state: State = None) -> None:
    """Open a shell with lakegate, awslocal and the environment of .local/env, or of a project."""
    if project is None and state is None:
        env_file = SHARED / "env"
    else:
        env_file = _places(project or projects.DEFAULT, state).env_file
    if not env_file.exists():
        option = projects.option(project) if project else ""
        _fail(_console(), f"nothing is up: run make up{option}")
    program = os.environ.get("SHELL", "/bin/sh")
    tools = (Path(sys.executable).parent, SHARED / "venvs" / "awslocal" / "bin")
    os.environ["PATH"] = ":".join((*map(str, tools), os.environ.get("PATH", os.defpath)))
    os.execv("/bin/sh", ["/bin/sh", "-c", '. "$0"; exec "$1"', str(env_file), program])


def _places(project: Path, state: Path | None) -> Places:
    if state is not None:
        return Places(state.resolve())
    try:
        return projects.places_of(project)
    except LocalError as error:
        _fail(_console(), str(error))


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)


def _fail(console: Console, message: str) -> NoReturn:
    console.print("failed: ", style="red", end="")
    console.print(message, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
