"""Memory of the processes below another, watched while something is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PAUSE_SECONDS = 0.5
PARTS = 4


@dataclass
class Seen:
    """Largest resident memory of any process below, by time, in MiB."""

    samples: list[tuple[float, float]] = field(default_factory=list)

    def quarters(self) -> list[int]:
        """The largest of each quarter of the time."""
        if not self.samples:
            return []
        first, last = self.samples[0][0], self.samples[-1][0]
        found = [0.0] * PARTS
        for at, size in self.samples:
            place = min(PARTS - 1, int(PARTS * (at - first) / max(last - first, 1e-9)))
            found[place] = max(found[place], size)
        return [round(size) for size in found]


@contextmanager
def watched(pid: int) -> Iterator[Seen]:
    """Watches what runs below a process until the end of the block."""
    seen, done = Seen(), threading.Event()

    def watch() -> None:
        while not done.wait(PAUSE_SECONDS):
            sizes = [resident(child) for child in below(pid)]
            seen.samples.append((time.monotonic(), max(sizes, default=0.0)))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def below(pid: int) -> list[int]:
    """All processes that a process has started, and those that they have."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(after[1]), []).append(int(path.parent.name))
    found, waiting = [], [pid]
    while waiting:
        more = children.get(waiting.pop(), [])
        found += more
        waiting += more
    return found


def resident(pid: int) -> float:
    """Resident memory of a process in MiB, 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
