"""The commands behind `make up`, `down`, `clean`, `logs` and `shell`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from lakegate.cli.terminal.safe import Console
from lakegate.contract import ContractError
from local.backends import choice as backends
from local.backends import container_logs, containers, localstack
from local.errors import FlowError, LocalError
from local.places import ROOT, SHARED, Places
from local.tools import preflight, toolchain
from local.up import page
from local.up import program as up
from local.up.clients import Clients
from local.up.logs import tail
from local.up.steps import Steps

PORT = 4566
WIDTH_OF_A_LOG = 120
INTERRUPTED = 130

app = typer.Typer(
    help=__doc__, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)
State = Annotated[Path, typer.Option(help="Folder of the stack; another one is another stack.")]
Port = Annotated[int, typer.Option(help="Port on 127.0.0.1.")]


@app.command("up")
def up_command(
    backend: Annotated[str | None, typer.Option(help="embedded or localstack.")] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Rows to generate.")] = None,
    state: State = SHARED / "stack",
    port: Port = PORT,
    infrastructure_only: Annotated[
        bool, typer.Option("--infrastructure-only", help="Stop after terraform apply.")
    ] = False,
) -> None:
    """Start everything, upload data, follow it to gold and show it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = _console()
    steps = Steps(console)
    stack: backends.Backend | None = None
    was_running = False
    try:
        preflight.check(rows)
        places = Places(state.resolve())
        with steps.step("check tools") as step:
            stack, reason = backends.choose(backend, places, port, rows)
            step.say("; ".join(filter(None, (reason, *toolchain.brought_along()))))
        was_running = stack.pid() is not None
        program = up.Up(stack, places, steps, rows)
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
def down(state: State = SHARED / "stack") -> None:
    """Stop the emulator; data and state are kept, but for LocalStack's, which keeps none."""
    places = Places(state.resolve())
    kept = "" if backends.running(places) == "localstack" else "; state is kept"
    _console().print(f"stopped{kept}" if backends.stop(places) else "nothing was running")


@app.command()
def clean(state: State = SHARED / "stack") -> None:
    """Stop the emulator and remove its data and state; downloads and environments stay."""
    places = Places(state.resolve())
    backends.stop(places)
    localstack.stop(places, volumes=True)
    places.env_file.unlink(missing_ok=True)
    for folder in (places.folder, SHARED / "data", ROOT / "build"):
        shutil.rmtree(folder, ignore_errors=True)
    _console().print("removed")


@app.command()
def logs(state: State = SHARED / "stack", follow: bool = True) -> None:
    """Show the logs of the emulator, the functions and the job runs as they grow."""
    places = Places(state.resolve())
    if backends.running(places) != "localstack":
        tail(places, _console(), follow=follow)
        return
    project = containers.project_of(places)
    clients = Clients(localstack.endpoint_of(containers.port_of(project)))
    container_logs.tail(project, clients, _console(), follow=follow)


@app.command()
def shell(state: State = SHARED / "stack") -> None:
    """Open a shell with the environment of .local/env, lakegate and awslocal."""
    env_file = Places(state.resolve()).env_file
    if not env_file.exists():
        _fail(_console(), "nothing is up: run make up")
    program = os.environ.get("SHELL", "/bin/sh")
    tools = (Path(sys.executable).parent, SHARED / "venvs" / "awslocal" / "bin")
    os.environ["PATH"] = ":".join((*map(str, tools), os.environ.get("PATH", os.defpath)))
    os.execv("/bin/sh", ["/bin/sh", "-c", '. "$0"; exec "$1"', str(env_file), program])


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)


def _fail(console: Console, message: str) -> None:
    console.print("failed: ", style="red", end="")
    console.print(message, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
