"""The two places that can stand for AWS on this machine, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from lakegate.packing.wheel import Platform
from local.backends import docker, localstack, stack
from local.backends.embedded import embedded
from local.errors import LocalError
from local.places import Places
from local.up import page

NAMES = ("embedded", "localstack")


class Backend(Protocol):
    """An emulator that can be started and stopped."""

    @property
    def name(self) -> str:
        """`embedded` or `localstack`."""

    @property
    def port(self) -> int:
        """Where it listens on loopback."""

    @property
    def places(self) -> Places:
        """Where it keeps what."""

    @property
    def endpoint(self) -> Mapping[str, str]:
        """The environment variables by which every AWS client finds it."""

    @property
    def variables(self) -> tuple[str, ...]:
        """`name=value` for Terraform, besides local.tfvars."""

    @property
    def platform(self) -> Platform:
        """What functions are built for."""

    @property
    def where(self) -> Mapping[str, str]:
        """Where its logs are: label to path or command."""

    def start(self) -> object:
        """Starts it unless it runs, and returns once it answers."""

    def stop(self) -> bool:
        """Ends it and all that it started; False when it was not running."""

    def pid(self) -> int | None:
        """Not None when it runs."""

    def run_log(self, run_id: str) -> Path | str:
        """Where the error log of a job run is."""


def choose(
    wanted: str | None, places: Places, port: int, rows: int | None = None, *, spark: bool = True
) -> tuple[Backend, str]:
    """The backend to use, ready to start, and a line that says why, empty when it was asked for.

    Without a wish it is the one that runs; else LocalStack, if Docker is there with
    the images; else the embedded one, which needs Java only with `spark`.
    """
    if wanted not in {None, "", *NAMES}:
        raise LocalError(f"BACKEND={wanted} is not known", f"choose one of {', '.join(NAMES)}")
    runs = running(places)
    if runs and wanted and wanted != runs:
        raise LocalError(f"the {runs} backend is up", "run: make down")
    if (wanted or runs) == "embedded":
        return embedded(places, port, rows, spark=spark), ""
    try:
        containers = localstack.LocalStack(places, port, docker.find())
        containers.prepare()
    except docker.Unusable as error:
        if wanted or runs:
            raise
        what = error.what[0].upper() + error.what[1:]
        return embedded(places, port, rows, spark=spark), f"{what}: using the embedded emulator."
    return containers, "" if wanted or runs else "Docker answers: using LocalStack."


def running(places: Places) -> str:
    """The name of the backend that is up for these places, or an empty text."""
    if stack.pid_of(places) is not None:
        return "embedded"
    return "localstack" if localstack.is_up(places) else ""


def stop(places: Places) -> bool:
    """Ends whichever backend is up, and its live page; False when no backend is."""
    page.stop(places)
    containers = localstack.is_up(places) and localstack.stop(places)
    return stack.stop(places) or containers
