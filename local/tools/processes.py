"""Processes that were started earlier, known by a number in a file."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time


def lives(pid: int) -> bool:
    """Whether there is a process of that id; an own child that has ended is none."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def command_of(pid: int) -> str:
    """The command line of a process: a number in a file may be somebody else's by now."""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout


def end(pid: int, seconds: float, *, group: bool = False) -> None:
    """Ask a process to end; after that time kill it, or its whole group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    if not wait_for_end(pid, seconds):
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(pid, signal.SIGKILL)


def wait_for_end(pid: int, seconds: float) -> bool:
    """Whether the process ends within that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not lives(pid):
            return True
        time.sleep(0.05)
    return False
