"""LocalStack and the Spark container beside it (docker-compose.yml) as a Backend."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from lakegate.packing.wheel import Platform
from local.backends import containers, docker
from local.backends.stack import CREDENTIALS, HOST, REGION, port_is_free
from local.errors import LocalError
from local.places import Places

GIB = 2**30
LEAST_MEMORY = 3 * GIB
START_SECONDS = 180
BUILD_SECONDS = 1800
IMAGE = "localstack/localstack:4.14.0"
FUNCTION_IMAGE = "public.ecr.aws/lambda/python:3.13"
ARM = frozenset({"aarch64", "arm64"})
NETWORK_ENDPOINT = "http://spark:4567"  # where the functions' containers find Glue


@dataclass(frozen=True)
class LocalStack:
    """The containers of these places; Glue answers on the port after `port`."""

    places: Places
    port: int
    engine: docker.Engine

    name = "localstack"

    @property
    def endpoint(self) -> dict[str, str]:
        """The environment variables by which every AWS client on this machine finds it."""
        return endpoint_of(self.port)

    @property
    def variables(self) -> tuple[str, ...]:
        """What Terraform is told besides local.tfvars: no Athena, and Glue in another container."""
        functions = json.dumps({"AWS_ENDPOINT_URL_GLUE": NETWORK_ENDPOINT})
        return ("athena=false", f"sdk_environment={functions}")

    @property
    def platform(self) -> Platform:
        """Functions run in containers of the engine's own architecture, whatever was asked for."""
        return "lambda_arm" if self.engine.processor in ARM else "lambda"

    @property
    def where(self) -> dict[str, str]:
        """Where to look, for people."""
        return {"all logs": "make logs", "log of a job run": self.run_log("<run id>")}

    def prepare(self) -> None:
        """Pulls and builds the images. Unusable when they cannot be had."""
        if self.engine.memory < LEAST_MEMORY:
            raise docker.Unusable(
                f"{self.engine.memory / GIB:.1f} GiB of memory for Docker are too little for Spark",
                f"give it {LEAST_MEMORY // GIB} GiB or more, {docker.INSTEAD}",
            )
        docker.obtain(os.environ.get("LOCALSTACK_IMAGE") or IMAGE)
        docker.obtain(FUNCTION_IMAGE)
        done = self._compose("build", "--quiet", "spark", seconds=BUILD_SECONDS)
        if done.returncode:
            raise docker.Unusable(
                f"the Spark image cannot be built ({docker.last_line(done.stderr)})",
                f"see: docker compose build spark, {docker.INSTEAD}",
            )

    def start(self) -> None:
        """Starts the containers unless they run; returns once both answer.

        After a LocalError some of them may run: `stop` takes them down.
        """
        if not containers.running(self._project):
            self._make_way()
        self.places.create()
        self.places.containers.touch()
        done = self._compose("up", "--detach", "--no-build", seconds=START_SECONDS)
        if done.returncode:
            raise LocalError("the containers did not start", docker.last_line(done.stderr))
        self._wait_until_ready()
        self._forget_what_is_gone()

    def stop(self) -> bool:
        """Takes the containers down, and with them all that LocalStack knew."""
        return stop(self.places)

    def pid(self) -> int | None:
        """Not None when the containers run: they have no process of this machine."""
        return 0 if containers.running(self._project) else None

    def run_log(self, run_id: str) -> str:
        """The command that shows the error log of a job run."""
        return f"docker exec {self._project}-spark-1 cat /var/lib/glue/runs/{run_id}/error.log"

    @property
    def _project(self) -> str:
        return containers.project_of(self.places)

    def _make_way(self) -> None:
        containers.take_down(self._project)  # what an earlier run left behind
        for port in (self.port, self.port + 1):
            if not port_is_free(port):
                raise LocalError(
                    f"port {port} is taken by another program",
                    f"stop it, or choose another port: make up PORT={self.port + 10}",
                )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        pages = (
            self.endpoint["AWS_ENDPOINT_URL"] + "/_localstack/init/ready",
            self.endpoint["AWS_ENDPOINT_URL_GLUE"] + "/health",
        )
        while time.monotonic() < deadline:
            if all(_ready(page) for page in pages):
                return
            if not containers.running(self._project):
                break
            time.sleep(0.2)
        said = docker.last_line(self._compose("logs", "--no-color", "--tail", "20").stdout)
        raise LocalError("the containers did not get ready", said)

    def _forget_what_is_gone(self) -> None:
        """LocalStack keeps nothing beyond its container: a new one voids Terraform's state."""
        born = containers.born(self._project)
        if _started(self.places) == born:
            return
        for file in self.places.terraform.glob("terraform.tfstate*"):
            file.unlink()
        self.places.containers.write_text(born)

    def _compose(self, *words: str, seconds: float = 60) -> docker.Done:
        heap = min(4 * GIB, max(GIB, self.engine.memory // 4))
        environment = {
            "LOCALSTACK_PORT": str(self.port),
            "GLUE_PORT": str(self.port + 1),
            "AWS_REGION": REGION,
            "DOCKER_SOCK": self.engine.socket,
            "SPARK_DRIVER_MEMORY": os.environ.get("SPARK_DRIVER_MEMORY") or f"{heap // 2**20}m",
        }
        return containers.compose(self._project, *words, environment=environment, seconds=seconds)


def endpoint_of(port: int) -> dict[str, str]:
    """The environment variables by which AWS clients find the containers."""
    return {
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_ENDPOINT_URL_GLUE": f"http://{HOST}:{port + 1}",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        **CREDENTIALS,
    }


def is_up(places: Places) -> bool:
    """Whether `up` has started containers for these places and `down` has not ended them."""
    return places.containers.exists()


def stop(places: Places, *, volumes: bool = False) -> bool:
    """Ends the containers of these places; False when there were none, or there is no Docker."""
    places.containers.unlink(missing_ok=True)
    return containers.take_down(containers.project_of(places), volumes=volumes)


def _started(places: Places) -> str:
    return places.containers.read_text() if places.containers.exists() else ""


def _ready(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=2) as answer:
            told = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return False
    return bool(told.get("completed", True))
