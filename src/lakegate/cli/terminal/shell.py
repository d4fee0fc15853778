"""What all commands share: options, output, and errors as one sentence with an exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from rich.console import RenderableType

from lakegate.aws.errors import LedgerError, OperationRefusedError
from lakegate.cli.errors import LakegateError
from lakegate.cli.lake import Lake
from lakegate.cli.terminal import completion, plain, render
from lakegate.cli.terminal.safe import echo
from lakegate.contract import ContractError

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Batch = Annotated[
    str,
    typer.Argument(
        help="Name of the batch.", show_default=False, autocompletion=completion.batches
    ),
]


class App(typer.Typer):
    """A Typer whose failures are sentences on standard error."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().__call__(*args, **kwargs)
        except LakegateError as error:
            fail(str(error), error.exit_code)
        except ContractError as error:
            fail(str(error), 3)
        except OperationRefusedError as error:
            fail(str(error), 5)
        except EndpointConnectionError as error:
            fail(_no_answer(error), 1)
        except (ClientError, BotoCoreError, LedgerError) as error:
            fail(f"AWS: {error}", 1)


def _no_answer(error: EndpointConnectionError) -> str:
    """What is wrong where nobody listens; a stack of this machine may have been stopped."""
    here = [value for name, value in os.environ.items() if name.startswith("AWS_ENDPOINT_URL")]
    place = next((url for url in here if str(error.kwargs["endpoint_url"]).startswith(url)), None)
    if place is None:
        return f"AWS: {error}"
    return (
        f"Nothing answers at {place}: the stack of this environment is stopped.\n"
        "  bring it up again:  make up, with PROJECT=… as before, then  . .local/env"
    )


def fail(message: str, code: int) -> NoReturn:
    """Say it and leave."""
    render.err.print(message, style="red", soft_wrap=True)
    sys.exit(code)


def warned(message: Warning | str, *_: object, **__: object) -> None:
    """A warning as one sentence on standard error; stands for `warnings.showwarning`."""
    render.err.print(f"warning: {message}", style="yellow", soft_wrap=True)


def lake_of(context: typer.Context) -> Lake:
    """The lake that the options or the environment name; read only when a command needs it."""
    lake: Lake = context.obj()
    return lake


def show(value: Any, as_json: bool, rendered: RenderableType) -> None:
    """The value as JSON, or as it was rendered."""
    if as_json:
        echo(plain.text(value))
    else:
        render.out.print(rendered)
