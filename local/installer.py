"""Virtual environments with hash-pinned packages, made by the Makefile's uv."""

from __future__ import annotations

import shutil
import subprocess
import sys
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


def install(name: str, folder: Path) -> None:
    """Makes an environment of requirements/<name>.txt in the folder."""
    requirements = ROOT / "requirements" / f"{name}.txt"
    run(uv(), "venv", "--quiet", "--python", sys.executable, folder)
    run(
        uv(),
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--python",
        folder,
        "-r",
        requirements,
    )


def run(*command: str | Path) -> None:
    """Runs an installer; LocalError carries its last line when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise LocalError(f"{Path(command[0]).name} failed", lines[-1].strip())
