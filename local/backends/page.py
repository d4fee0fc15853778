"""The live page of a stack as a process of its own: from `make up` until `make down`."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from local.backends.stack import HOST, INHERITED, STOP_SECONDS, port_is_free
from local.errors import LocalError
from local.places import ROOT, Places
from local.tools.processes import command_of, end, lives

PORTS = range(8501, 8521)
PROGRAM = "lakegate.cli.main"
NICE = 10  # it must not take the processor from the job that it shows


def start(places: Places, environment: Mapping[str, str]) -> str:
    """Starts the page in the environment of `.local/env`, in the place of an older one; its URL.

    It answers a second or two later. Raises LocalError when none of its ports is free.
    """
    stop(places)
    port = next((port for port in PORTS if port_is_free(port)), None)
    if port is None:
        raise LocalError(
            f"ports {PORTS[0]} to {PORTS[-1]} are taken", "choose one: lakegate page --port"
        )
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    with log_of(places).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", PROGRAM, "page", "--port", str(port)],
            cwd=ROOT,
            env={**kept, "HOME": str(places.home), **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    with contextlib.suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    places.page_file.write_text(f"{process.pid} {port}")
    return f"http://{HOST}:{port}"


def stop(places: Places) -> bool:
    """Ends the page of these places; False when there was none."""
    found = running(places)
    if found is not None:
        end(found[0], STOP_SECONDS)
    places.page_file.unlink(missing_ok=True)
    return found is not None


def log_of(places: Places) -> Path:
    """What the page complained of."""
    return places.logs / "page.log"


def running(places: Places) -> tuple[int, int] | None:
    """Process id and port, if that process lives and is a page."""
    try:
        pid, port = map(int, places.page_file.read_text().split())
    except (FileNotFoundError, ValueError):
        return None
    is_page = lives(pid) and f"{PROGRAM} page --port {port}" in command_of(pid)
    return (pid, port) if is_page else None
