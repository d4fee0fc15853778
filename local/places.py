"""Where a stack keeps what, all of it below one folder that `clean` may remove."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT / ".local"
PROJECTS = SHARED / "projects"  # a folder of state for each project that was brought up


class Places:
    """The folder of one stack; virtual environments and jars are shared by all (`.local`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state"  # what the emulator remembers
        self.runs = self.state / "glue" / "runs"  # a folder with logs for each job run
        self.temporary = folder / "tmp"  # TMPDIR of the emulator and its functions
        self.home = folder / "home"  # their HOME: no ~/.aws of anybody's
        self.logs = folder / "logs"  # of the programs that `up` starts
        self.server_log = self.logs / "emulator.log"
        self.terraform = folder / "terraform"  # its state, data and command line configuration
        self.build = folder / "build"  # what is deployed here
        self.pid_file = folder / "emulator.pid"
        self.page_file = folder / "page.pid"  # process id and port of the live page
        self.port_file = folder / "port"  # that the emulator had last
        # Which start of the containers the state belongs to; there while they are up.
        self.containers = folder / "containers"
        self.project_file = folder / "project"  # which project's folder the state belongs to
        self.env_file = folder / "env"  # shell `export` lines for any other client
        # The same lines of the project that was brought up last.
        self.newest_env = SHARED / "env" if folder.parent == PROJECTS else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Places) and self.folder == other.folder

    def __hash__(self) -> int:
        return hash(self.folder)

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
