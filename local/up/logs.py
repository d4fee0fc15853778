"""Shows the logs of a stack as they grow."""

from __future__ import annotations

import time
from pathlib import Path

from lakegate.cli.terminal.safe import Console
from local.places import Places

POLL_SECONDS = 0.5
FIRST_BYTES = 4096


def tail(places: Places, console: Console, *, follow: bool) -> None:
    """Prints the end of each log and, if asked to, what is added, until Ctrl-C."""
    offsets: dict[Path, int] = {}
    try:
        while True:
            for path in _logs(places):
                if path not in offsets:
                    offsets[path] = max(0, path.stat().st_size - FIRST_BYTES)
                offsets[path] = _print_from(path, offsets[path], console)
            if not follow:
                return
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return


def _logs(places: Places) -> list[Path]:
    """The emulator's log, with the functions' lines in it, and both logs of each job run."""
    runs = sorted(places.runs.glob("*/*.log"), key=lambda path: path.stat().st_mtime)
    return [*places.logs.glob("*.log"), *runs[-4:]]


def _print_from(path: Path, offset: int, console: Console) -> int:
    with path.open("rb") as file:
        file.seek(offset)
        fresh = file.read()
    for line in fresh.decode(errors="replace").splitlines():
        console.print(f"{path.stem[:10]:10} ", style="dim", end="")
        console.print(line, soft_wrap=True)
    return offset + len(fresh)
