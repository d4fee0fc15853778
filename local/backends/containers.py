"""The containers of docker-compose.yml: started, found and taken down by compose's project name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from local.backends import docker
from local.places import PROJECTS, ROOT, Places

PROJECT = "commerce-data-pipeline"
SERVICES = 2
STOP_SECONDS = 120


def project_of(places: Places) -> str:
    """Compose's project name, which its network has too: one for each folder of state."""
    named = f"{places.folder.name}-" if places.folder.parent == PROJECTS else ""
    return f"{PROJECT}-{named}{_digest(places.folder)}"


def compose(
    project: str,
    *words: str,
    environment: Mapping[str, str] | None = None,
    seconds: float = docker.ANSWER_SECONDS,
) -> docker.Done:
    """Runs `docker compose` on the project."""
    return docker.ask(
        *command(project, *words), seconds=seconds, environment=settings(project, environment or {})
    )


def command(project: str, *words: str) -> list[str]:
    """The words of a `docker compose` on the project."""
    file = str(ROOT / "docker-compose.yml")
    return ["docker", "compose", "--project-name", project, "--file", file, *words]


def settings(project: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which compose reads its file; each checkout builds an image of its own."""
    own = {"COMPOSE_PROJECT_NAME": project, "SPARK_IMAGE": f"{PROJECT}-spark:{_digest(ROOT)}"}
    return {**os.environ, **own, **environment}


def running(project: str) -> bool:
    """Whether all services run."""
    of_project = f"label=com.docker.compose.project={project}"
    return len(_ids(of_project, "status=running")) >= SERVICES


def any_left(project: str) -> bool:
    """Whether there is any container of the project, or of a function of it, in whatever state."""
    return bool(_ids(f"label=com.docker.compose.project={project}") or _of_functions(project))


def born(project: str) -> str:
    """Which start of LocalStack this is: its container and the moment it was started."""
    form = "{{.Id}} {{.State.StartedAt}}"
    name = f"{project}-localstack-1"
    return docker.ask("docker", "inspect", "--format", form, name).stdout.strip()


def port_of(project: str) -> int:
    """LocalStack's port on this machine, 0 when it does not run."""
    shown = compose(project, "port", "localstack", "4566").stdout.strip()
    return int(shown.rpartition(":")[2] or 0)


def take_down(project: str, *, volumes: bool = False) -> bool:
    """Removes containers and network, and volumes if asked to; False when there was none."""
    left = any_left(project)
    if left or volumes:
        # LocalStack removes its functions' containers, if it gets the time.
        compose(project, "stop", seconds=STOP_SECONDS)
        docker.remove(_of_functions(project))
        words = ["down", "--remove-orphans", *(["--volumes"] if volumes else [])]
        compose(project, *words, seconds=STOP_SECONDS)
    return left


def _of_functions(project: str) -> list[str]:
    return _ids(f"name=^/?{project}-localstack-1-lambda-")


def _digest(folder: Path) -> str:
    return hashlib.sha256(str(folder).encode()).hexdigest()[:8]


def _ids(*filters: str) -> list[str]:
    words = [word for given in filters for word in ("--filter", given)]
    return docker.ask("docker", "ps", "--all", "--quiet", *words).stdout.split()
