"""`make up` from nothing, again, and after `make down`: seconds, whole and step by step.

`python -m benchmarks.make_up` runs what `make up` runs once its packages are installed, on the
sample, in a folder and on a port of its own; the stack of `make up` itself is left alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.harness.figures import machine, report, spread
from local.backends.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
STEP = re.compile(r"^✓ (?P<title>.+?) +(?P<seconds>\d+\.\d) s(?:  |$)", re.MULTILINE)
BUDGETS = {"cold": 120, "again": 60, "after down": 60}
# Steps whose title has a name in it that no two runs share.
VARYING = (" embedded emulator", ", batch ")

Times = dict[str, float]


def main(
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of cold, again, after down.")] = 5,
    out: Annotated[Path | None, typer.Option(help="Also write the result there.")] = None,
) -> None:
    """Medians over the rounds; each begins with an empty state."""
    found: dict[str, list[Times]] = {name: [] for name in BUDGETS}
    for _ in range(rounds):
        for name, times in one_round().items():
            found[name].append(times)
    result = {
        "benchmark": "make_up",
        "machine": machine(),
        "rounds": rounds,
        "budget_seconds": BUDGETS,
        "seconds": {name: spread([one["all"] for one in runs], 1) for name, runs in found.items()},
        "steps": {name: _steps(runs) for name, runs in found.items()},
    }
    report(result, out)


def one_round() -> dict[str, Times]:
    """The times of each kind, by step, and of `all`."""
    with tempfile.TemporaryDirectory() as folder:
        place = ["--state", folder, "--port", str(free_port()), "--backend", "embedded"]
        try:
            times = {"cold": _up(place), "again": _up(place)}
            _local("down", "--state", folder)
            times["after down"] = _up(place)
        finally:
            _local("down", "--state", folder)
    return times


def steps_of(text: str) -> Times:
    """Seconds of each step that `make up` printed, in its order."""
    return {_title(found["title"]): float(found["seconds"]) for found in STEP.finditer(text)}


def _up(place: list[str]) -> Times:
    started = time.perf_counter()
    text = _local("up", *place)
    return {**steps_of(text), "all": time.perf_counter() - started}


def _local(*arguments: str) -> str:
    command = [sys.executable, "-m", "local", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def _title(title: str) -> str:
    for varying in VARYING:
        title = title.partition(varying)[0]
    return title.strip()


def _steps(runs: list[Times]) -> dict[str, Any]:
    names = [name for name in runs[0] if name != "all"]
    return {name: spread([one[name] for one in runs], 1)["median"] for name in names}


if __name__ == "__main__":
    typer.run(main)
