"""The Docker engine of this machine: whether it can be used, and its commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.errors import LocalError

ANSWER_SECONDS = 15
PULL_SECONDS = 1800
INSTEAD = "or run: make up BACKEND=embedded"
SOCKET = "/var/run/docker.sock"

Done = subprocess.CompletedProcess[str]


class Unusable(LocalError):
    """There is no engine that could run the containers."""


@dataclass(frozen=True)
class Engine:
    """An engine that answers and lets this user in; `memory` in bytes, `processor` as it says."""

    version: str
    memory: int
    socket: str
    processor: str = "x86_64"


def find() -> Engine:
    """The engine, with compose v2 at hand. Unusable says what is missing and what to do."""
    if shutil.which("docker") is None:
        raise Unusable("there is no docker command", f"install Docker, {INSTEAD}")
    done = ask("docker", "info", "--format", "{{json .}}")
    told = _json(done.stdout)
    if done.returncode or not told.get("ServerVersion"):
        raise _refused(done.stderr + " ".join(told.get("ServerErrors") or ()))
    _check_compose()
    return Engine(
        str(told["ServerVersion"]),
        int(told.get("MemTotal", 0)),
        _socket(os.environ),
        str(told.get("Architecture", "x86_64")),
    )


def ask(
    *command: str, seconds: float = ANSWER_SECONDS, environment: Mapping[str, str] | None = None
) -> Done:
    """Runs a command, safe from Ctrl-C; one that is missing or takes longer has failed."""
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            env=environment,
            process_group=0,
        )
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", f"{command[0]} is missing")
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"no answer in {seconds:.0f} s")


def obtain(image: str) -> None:
    """Makes sure that the engine has the image. Unusable when it is neither there nor pulled."""
    if ask("docker", "image", "inspect", image).returncode == 0:
        return
    done = ask("docker", "pull", "--quiet", image, seconds=PULL_SECONDS)
    if done.returncode:
        raise Unusable(
            f"the image {image} is not here and cannot be pulled ({last_line(done.stderr)})",
            f"check the network or the name, {INSTEAD}",
        )


def remove(container_ids: list[str]) -> None:
    """Removes containers, running or not."""
    if container_ids:
        ask("docker", "rm", "--force", "--volumes", *container_ids, seconds=60)


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no reason")


def _check_compose() -> None:
    done = ask("docker", "compose", "version", "--short")
    version = re.match(r"v?(\d+)\.", done.stdout.strip())
    if done.returncode == 0 and version and int(version[1]) >= 2:
        return
    get_it = f"install Docker's compose plugin, {INSTEAD}"
    if shutil.which("docker-compose"):
        shown = last_line(ask("docker-compose", "version", "--short").stdout)
        raise Unusable(f"docker-compose {shown} is not enough: compose v2 is needed", get_it)
    raise Unusable("docker has no compose command", get_it)


def _refused(errors: str) -> Unusable:
    if "permission denied" in errors.lower():
        return Unusable(
            "the Docker engine does not let this user in",
            f"join its group (sudo usermod -aG docker $USER, then log in again), {INSTEAD}",
        )
    return Unusable("no Docker engine answers", f"start Docker, {INSTEAD}")


def _socket(environment: Mapping[str, str]) -> str:
    """The engine's socket as its containers can mount it: on Linux the client's own."""
    if not sys.platform.startswith("linux"):
        return SOCKET
    host = (
        environment.get("DOCKER_HOST")
        or ask("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}").stdout
    )
    return host.strip().removeprefix("unix://") if host.startswith("unix://") else SOCKET


def _json(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}
