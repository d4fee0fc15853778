"""DuckDB's wheel, unpacked for the platform of a function; its hash is pinned in requirements/."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

from lakegate.packing.errors import BuildError

Platform = Literal["lambda", "lambda_arm", "here"]
PLATFORMS: dict[str, list[str]] = {
    "lambda": ["--python-version", "3.13", "--python-platform", "x86_64-manylinux_2_28"],
    # The runtime on a machine with such processors.
    "lambda_arm": ["--python-version", "3.13", "--python-platform", "aarch64-manylinux_2_28"],
    "here": ["--python", sys.executable],  # functions of the embedded emulator run beside us
}
CHECKOUT = Path(__file__).resolve().parents[3]
REQUIREMENTS = CHECKOUT / "requirements" / "duckdb.txt"
UV = CHECKOUT / ".local" / "uv" / "bin" / "uv"
KEPT = CHECKOUT / ".local" / "duckdb"
# What no run imports: interfaces of other tools, and what only type checkers read.
LEFT_OUT = ("adbc_driver_duckdb/", "_duckdb-stubs/", "duckdb/experimental/", "bin/")
LEFT_OUT_NAMES = frozenset({"INSTALLER", "RECORD", "REQUESTED", "py.typed"})


def unpacked(platform: Platform) -> dict[str, bytes]:
    """Archive name to content of what a zip carries of it; fetched once for each pin.

    Raises BuildError when it cannot be had.
    """
    pin = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    folder = KEPT / f"{platform}-{pin[:12]}"
    if not folder.exists():
        _install(platform, folder)
    names = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {
        name: path.read_bytes()
        for name, path in names.items()
        if path.is_file() and _is_wanted(name)
    }


def _install(platform: Platform, folder: Path) -> None:
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    command = [str(UV), "pip", "install", "--quiet", "--target", str(partial)]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", *PLATFORMS[platform]]
    done = subprocess.run(
        [*command, "--requirements", str(REQUIREMENTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildError(f"no wheel of DuckDB: {done.stderr.strip().splitlines()[-1]}")
    with contextlib.suppress(OSError):  # another build was faster
        partial.rename(folder)


def _is_wanted(name: str) -> bool:
    path = Path(name)
    return not (
        name.startswith((".", *LEFT_OUT))
        or path.name in LEFT_OUT_NAMES
        or path.suffix in (".pyi", ".pyc")
    )
