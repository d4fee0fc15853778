"""The two places that can stand for AWS on this machine, and the choice between them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from local.errors import LocalError

NAMES = ("embedded", "localstack")
ENGINE_SECONDS = 5


class Backend(Protocol):
    """An emulator that can be started and stopped."""

    @property
    def name(self) -> str:
        """`embedded` or `localstack`."""

    @property
    def endpoint(self) -> Mapping[str, str]:
        """The environment variables by which every AWS client finds it."""

    def start(self) -> object:
        """Starts it unless it runs, and returns once it answers."""

    def stop(self) -> bool:
        """Ends it and all that it started; False when it was not running."""

    def run_log(self, run_id: str) -> Path | str:
        """Where the error log of a job run is."""


def choose(wanted: str | None) -> tuple[str, str]:
    """Name of the backend to use and a line that says why, empty when it was asked for."""
    if wanted == "localstack":
        raise LocalError("the localstack backend is not there yet", "run: make up BACKEND=embedded")
    if wanted == "embedded":
        return wanted, ""
    if wanted:
        raise LocalError(f"BACKEND={wanted} is not known", f"choose one of {', '.join(NAMES)}")
    if not engine_answers():
        return "embedded", "No Docker engine answers: using the embedded emulator."
    return "embedded", "Using the embedded emulator."


def engine_answers() -> bool:
    """Whether a Docker engine can be talked to."""
    docker = shutil.which("docker")
    if docker is None:
        return False
    try:
        done = subprocess.run(
            [docker, "info"], capture_output=True, timeout=ENGINE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
