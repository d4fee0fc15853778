"""What runs need of the machine: an emulator environment, Java 17, the S3A jars."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Toolchain:
    """Interpreters and files; `packages` replaces `jars` where it is not empty."""

    emulator_python: Path
    spark_python: Path
    java_home: str
    jars: tuple[Path, ...]
    packages: str
