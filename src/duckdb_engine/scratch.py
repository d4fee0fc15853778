"""A folder of a run's own on a disk that outlives it: Lambda keeps /tmp for the next call."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "lakegate-run-"


@contextmanager
def room(below: Path, run_id: str) -> Iterator[Path]:
    """A new folder, removed at the end; what runs left that were killed is removed first.

    The folder of a run that goes on elsewhere is locked and stays. It is locked before it has the
    name that others look for: between the two they would take it for one that was left.
    """
    for left in below.glob(f"{PREFIX}*"):
        _remove(left)
    unlocked, folder = below / f"new-{PREFIX}{run_id}", below / f"{PREFIX}{run_id}"
    unlocked.mkdir()
    held = _locked(unlocked)
    unlocked.rename(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def _remove(left: Path) -> None:
    held = _locked(left)
    if held is not None:
        shutil.rmtree(left, ignore_errors=True)
        os.close(held)


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the folder until it is closed or its process ends; None if held."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
