"""Where a stack keeps what, all of it below one folder that `clean` may remove."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT / ".local"
PROJECTS = SHARED / "projects"  # a folder of state for each project that was brought up


@dataclass(frozen=True)
class Places:
    """The folder of one stack; virtual environments and jars are shared by all (`.local`)."""

    folder: Path

    @property
    def state(self) -> Path:
        """What the emulator remembers."""
        return self.folder / "state"

    @property
    def temporary(self) -> Path:
        """TMPDIR of the emulator and its functions."""
        return self.folder / "tmp"

    @property
    def home(self) -> Path:
        """HOME of the emulator and its functions: no ~/.aws of anybody's."""
        return self.folder / "home"

    @property
    def logs(self) -> Path:
        """Logs of the programs that `up` starts."""
        return self.folder / "logs"

    @property
    def server_log(self) -> Path:
        """What the emulator writes."""
        return self.logs / "emulator.log"

    @property
    def pid_file(self) -> Path:
        """Process id of the emulator."""
        return self.folder / "emulator.pid"

    @property
    def page_file(self) -> Path:
        """Process id and port of the live page."""
        return self.folder / "page.pid"

    @property
    def containers(self) -> Path:
        """Which start of the containers the state belongs to; there while they are up."""
        return self.folder / "containers"

    @property
    def terraform(self) -> Path:
        """Terraform's state, data and command line configuration."""
        return self.folder / "terraform"

    @property
    def runs(self) -> Path:
        """One folder per job run, with its logs."""
        return self.state / "glue" / "runs"

    @property
    def build(self) -> Path:
        """What is deployed here."""
        return self.folder / "build"

    @property
    def port_file(self) -> Path:
        """The port that the emulator had last."""
        return self.folder / "port"

    @property
    def project_file(self) -> Path:
        """Which project's folder the state belongs to."""
        return self.folder / "project"

    @property
    def env_file(self) -> Path:
        """Shell `export` lines for any other client."""
        return self.folder / "env"

    @property
    def newest_env(self) -> Path | None:
        """The same lines of the project that was brought up last."""
        return SHARED / "env" if self.folder.parent == PROJECTS else None

    def secret(self) -> str:
        """The secret key of the stack's own credentials: random, made once, for the user alone."""
        path = self.folder / "secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_private(path, secrets.token_urlsafe(30))
        return path.read_text()

    def create(self) -> None:
        """Makes the folders."""
        for path in (self.state, self.temporary, self.home, self.logs, self.terraform):
            path.mkdir(parents=True, exist_ok=True)


def write_private(path: Path, text: str) -> None:
    """Writes a file that no other user of the machine can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def short(path: Path) -> str:
    """A path as a person in the project's folder would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
