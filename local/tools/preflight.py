"""Looks at the machine before anything is started."""

from __future__ import annotations

import os
import shutil

from local.errors import LocalError
from local.places import ROOT
from local.tools import terraform

GIB = 2**30
LEAST_MEMORY = 3 * GIB
LEAST_DISK = 2 * GIB
DISK_PER_ROW = 3_000  # bytes: three datasets, generated, uploaded, promoted, and what Spark spills


def check(rows: int | None) -> None:
    """LocalError when Terraform, memory or disk space is missing."""
    terraform.program()
    memory = total_memory()
    if memory is not None and memory < LEAST_MEMORY:
        raise LocalError(
            f"{memory / GIB:.1f} GiB of memory is too little for Spark",
            f"give this machine {LEAST_MEMORY // GIB} GiB or more",
        )
    needed = LEAST_DISK + DISK_PER_ROW * (rows or 0)
    free = shutil.disk_usage(ROOT).free
    if free < needed:
        raise LocalError(
            f"{free / GIB:.1f} GiB of disk space is too little",
            f"free {needed / GIB:.1f} GiB on the disk of {ROOT}, or run: make clean",
        )


def total_memory() -> int | None:
    """Bytes of memory of the machine, or None where it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None


def driver_memory() -> str:
    """Heap of the Spark driver: a quarter of the machine, from 1 to 4 GiB."""
    memory = total_memory() or 8 * GIB
    return f"{min(4096, max(1024, memory // 4 // 2**20))}m"
