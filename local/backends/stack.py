"""Starts and stops the embedded emulator as a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from lakegate.packing.wheel import Platform
from local.errors import LocalError
from local.places import ROOT, Places, short, write_private
from local.tools.processes import command_of, end, lives
from local.tools.toolchain import Toolchain

HOST = "127.0.0.1"
ACCOUNT = "000000000000"
REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
# Certificates, too: a run may have to fetch Spark.
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "PIP_CERT", "REQUESTS_CA_BUNDLE")
INHERITED = ("PATH", "LANG", "LC_ALL", *CERTIFICATES)
START_SECONDS = 30
STOP_SECONDS = 20
LAMBDA_PROCESSES = 8
# Those that the pipeline is made of. Of the others some run code for whoever asks: a stack of
# CloudFormation holds functions, and only requests to Lambda and Glue have to be signed.
SERVICES = (
    "athena", "events", "glue", "iam", "kms", "lambda", "logs", "monitoring", "s3", "sns", "sqs",
    "sts",
)  # fmt: skip
# A small run here is short: without the second compiler it takes two thirds of the time. A long run
# takes twice as long without it, but gains when it waits for ten times the usual counts: most of
# the code that Spark generates is not used for long.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
LASTING_JAVA = (
    "-XX:+UseParallelGC -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 "
    "-XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000"
)
QUICK_ROWS = 100_000


@dataclass(frozen=True)
class Stack:
    """An emulator with its state in `places`, on a port of loopback."""

    places: Places
    port: int
    toolchain: Toolchain
    enforce_policies: bool = True
    retry_seconds: float = 1
    driver_memory: str = "2g"
    java_options: str = QUICK_JAVA

    name = "embedded"
    platform: ClassVar[Platform] = "here"  # functions run beside us
    variables: ClassVar[tuple[str, ...]] = ()

    @property
    def url(self) -> str:
        """What AWS_ENDPOINT_URL is set to."""
        return f"http://{HOST}:{self.port}"

    @property
    def endpoint(self) -> dict[str, str]:
        """The environment variables by which every AWS client finds the emulator."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": CREDENTIALS["AWS_ACCESS_KEY_ID"],
            "AWS_SECRET_ACCESS_KEY": self.places.secret(),
        }

    @property
    def where(self) -> dict[str, str]:
        """Where to look, for people."""
        return {"job logs": short(self.places.runs), "emulator log": short(self.places.server_log)}

    def run_log(self, run_id: str) -> Path:
        """The error log of a job run."""
        return self.places.runs / run_id / "error.log"

    def start(self) -> int:
        """Starts the emulator unless it runs already; returns its process id once it answers."""
        running = self.pid()
        if running is not None and self._can_run_spark():
            return running
        if running is not None:
            self.stop()
        if not port_is_free(self.port):
            raise LocalError(
                f"port {self.port} is taken by another program",
                f"stop it, or choose another port: make up PORT={self.port + 10}",
            )
        self.places.create()
        settings = self.places.state / "server.json"
        write_private(settings, json.dumps(self._settings()))
        with self.places.server_log.open("ab") as log:
            process = subprocess.Popen(
                [str(self.toolchain.emulator_python), "-m", "local.emulator.server", str(settings)],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.places.pid_file.write_text(str(process.pid))
        try:
            self._wait_until_ready(process)
        except BaseException:
            self.stop()
            raise
        return process.pid

    def stop(self) -> bool:
        """Ends the emulator and all that it started; False when it was not running."""
        return stop(self.places)

    def pid(self) -> int | None:
        """The process id of the emulator of these places, if it lives."""
        return pid_of(self.places)

    def _can_run_spark(self) -> bool:
        """Whether the running emulator was started with Spark, if it is wanted now."""
        wanted = bool(self.toolchain.jars or self.toolchain.packages)
        settings = json.loads((self.places.state / "server.json").read_text())
        started = settings.get("spark", {})  # of an older release, none
        return not wanted or bool(started.get("jars") or started.get("packages"))

    def _settings(self) -> dict[str, object]:
        tools = self.toolchain
        return {
            "port": self.port,
            "secret": self.places.secret(),
            "folder": str(self.places.state / "glue"),
            "region": REGION,
            "account": ACCOUNT,
            "spark": {
                "python": str(tools.spark_python),
                "jars": [str(jar) for jar in tools.jars],
                "packages": tools.packages,
                "driver_memory": self.driver_memory,
                "java_options": os.environ.get("SPARK_JAVA_OPTIONS", self.java_options),
                "java_home": tools.java_home,
                "hide": [str(ROOT), str(ROOT / "src")],
            },
        }

    def _environment(self) -> dict[str, str]:
        state = self.places.state
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return {
            **kept,
            "HOME": str(self.places.home),
            "TMPDIR": str(self.places.temporary),
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "SERVICES": ",".join(SERVICES),
            "STATE_DIR": str(state / "services"),
            "S3_DATA_DIR": str(state / "s3"),
            "PERSIST_STATE": "1",
            "S3_PERSIST": "1",
            "AUTH": str(self.enforce_policies).lower(),
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "LAMBDA_ACCOUNT_CONCURRENCY": str(LAMBDA_PROCESSES),
            "LAMBDA_ASYNC_RETRY_BASE_SECONDS": str(self.retry_seconds),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent.sock",
            "PYTHONDONTWRITEBYTECODE": "1",
            # What stands there makes Lambda processes log as AWS's do.
            "PYTHONPATH": str(ROOT / "local" / "functions"),
        }

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.05)
        raise LocalError(
            "the emulator did not start",
            f"see {self.places.server_log}: {_last_line(self.places.server_log)}",
        )

    def answers(self) -> bool:
        """Whether the emulator's health page answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def stop(places: Places) -> bool:
    """Ends the emulator of these places and all that it started; False when there was none."""
    pid = pid_of(places)
    if pid is not None:
        end(pid, STOP_SECONDS, group=True)
    places.pid_file.unlink(missing_ok=True)
    return pid is not None


def pid_of(places: Places) -> int | None:
    """The process id of the emulator of these places, if it lives."""
    try:
        pid = int(places.pid_file.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if lives(pid) and "local.emulator.server" in command_of(pid) else None


def port_is_free(port: int) -> bool:
    """Whether a server could listen on that port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return lines[-1] if lines else "it is empty"
