"""What a run may take of the machine that it has to itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lakegate.aws.settings import function_mib

MB = 1024 * 1024
# What is not DuckDB's to spend: Python, what is on its way from and to S3, and what DuckDB takes
# beside the memory that it counts.
RESERVED = 512 * MB
LEAST = 96 * MB
DISK_SHARE = 0.9


@dataclass(frozen=True)
class Resources:
    """Bytes of `memory` and `disk` and the threads that DuckDB may use; `scratch` is its folder."""

    scratch: Path
    memory: int
    disk: int
    threads: int


def of_function(scratch: Path, environment: Mapping[str, str]) -> Resources:
    """Those of a Lambda function, or of this machine where there is no function."""
    given = function_mib(environment)
    whole = given * MB if given else _physical() // 2
    return Resources(
        scratch,
        memory=max(LEAST, whole - max(RESERVED, whole // 4)),
        disk=int(shutil.disk_usage(scratch.parent).free * DISK_SHARE),
        threads=_processors(),
    )


def _physical() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
