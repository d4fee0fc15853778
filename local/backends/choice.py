"""The two places that can stand for AWS on this machine, and the choice between them."""

from __future__ import annotations

import os

from local.backends import docker, localstack, page, stack
from local.backends.localstack import LocalStack
from local.backends.stack import LASTING_JAVA, QUICK_JAVA, QUICK_ROWS, Stack
from local.errors import LocalError
from local.places import Places
from local.tools import preflight, toolchain

NAMES = ("embedded", "localstack")


# Either can be started and stopped, and says where it is and where its logs are.
Backend = Stack | LocalStack


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
        containers = LocalStack(places, port, docker.find())
        containers.prepare()
    except docker.Unusable as error:
        if wanted or runs:
            raise
        what = error.what[0].upper() + error.what[1:]
        return embedded(places, port, rows, spark=spark), f"{what}: using the embedded emulator."
    return containers, "" if wanted or runs else "Docker answers: using LocalStack."


def embedded(places: Places, port: int, rows: int | None = None, *, spark: bool = True) -> Stack:
    """The embedded emulator, for that many rows; fetches its tools at first.

    Without `spark` it needs no Java, and Glue runs fail.
    """
    return Stack(
        places,
        port,
        toolchain.find(os.environ, spark=spark),
        driver_memory=preflight.driver_memory(),
        java_options=LASTING_JAVA if (rows or 0) > QUICK_ROWS else QUICK_JAVA,
    )


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
