"""Virtual environments with hash-pinned packages, made by the Makefile's uv."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.errors import LocalError
from local.places import ROOT, SHARED


def uv() -> str:
    """The installer that the Makefile keeps in .local, or the machine's."""
    own = SHARED / "uv" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if found is None:
        raise LocalError("uv is missing", "run: make setup")
    return found


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lets one process at a time fill a folder: several stacks may start on a fresh machine."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install(name: str, folder: Path) -> None:
    """Makes an environment of requirements/<name>.txt in the folder."""
    requirements = ROOT / "requirements" / f"{name}.txt"
    # An earlier attempt may have left half of it.
    run(uv(), "venv", "--quiet", "--allow-existing", "--python", sys.executable, folder)
    words = ("--quiet", "--require-hashes", "--python", folder, "-r", requirements)
    run(uv(), "pip", "install", *words)


def run(*command: str | Path) -> None:
    """Runs an installer; LocalError carries what it said last, but for hints, when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (line.strip() for line in (done.stderr or done.stdout).splitlines())
        lines = [line for line in said if line and not line.startswith("hint:")]
        what = lines[-1] if lines else "no reason given"
        raise LocalError(f"{Path(command[0]).name} failed", what)
