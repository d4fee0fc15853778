"""The job against Spark's own scan, its mart unchecked, DuckDB and Polars, on the same files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Set
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from benchmarks import contestants
from benchmarks.harness.figures import machine, report
from benchmarks.harness.layouts import LAYOUTS

CONTESTANTS = {
    "scan": contestants.scan,
    "unchecked": contestants.unchecked,
    "job": contestants.job,
    "duckdb_job": contestants.duckdb_job,
    "duckdb": contestants.on_duckdb,
    "polars": contestants.on_polars,
}
LENIENT = {
    "lenient_job": contestants.lenient_job,
    "lenient_duckdb_job": contestants.lenient_duckdb_job,
}  # over loosely written files: see `benchmarks.casts`
JOBS = ("job", "duckdb_job")
app = typer.Typer(add_completion=False)


@app.command()
def run(name: str, folder: Path, out: Path) -> None:
    """Run one contestant in this process, as `compare` does for each."""
    (CONTESTANTS | LENIENT)[name](folder, out)


@app.command()
def compare(
    folder: Path,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    only: Annotated[
        str,
        typer.Option(help="Contestants, by commas; `job:dirt` is one on the files of a layout."),
    ] = "",
    limit: Annotated[float, typer.Option(help="Seconds that a contestant may take.")] = 1800,
    out: Annotated[
        Path | None, typer.Option(help="Put the figures there, beside those of other sizes.")
    ] = None,
) -> None:
    """Run them in turns, each in its own process; one that fails or takes too long runs once."""
    names = only.split(",") if only else _contestants(folder)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    endless, failed = set[str](), set[str]()
    for number in range(1, rounds + 1):
        for name in names:
            if name in endless | failed:
                continue
            contestant, _, layout = name.partition(":")
            try:
                seconds, memory = measured(contestant, folder / layout, limit)
            except TimeoutError:
                endless.add(name)
                told = f"more than {limit:.0f} s"
            except RuntimeError as error:
                failed.add(name)
                told = str(error)
            else:
                found[name].append((seconds, memory))
                told = f"{seconds:.1f} s, {memory:,.0f} MB"
            typer.echo(f"{folder.name}, round {number} of {rounds}: {name} {told}", err=True)
    result = {
        "bytes": sum(contestants.path(folder, name).stat().st_size for name in contestants.NAMES),
        "rounds": rounds,
        "contestants": {
            name: {
                "seconds": [round(second, 2) for second, _ in runs],
                "median": round(median(second for second, _ in runs), 2),
                "peak_mb": round(max(memory for _, memory in runs)),
            }
            for name, runs in found.items()
            if runs and name not in endless | failed
        },
        "endless": dict.fromkeys(sorted(endless), limit),
        "failed": sorted(failed),
    }
    before = json.loads(out.read_text(encoding="utf-8"))["sizes"] if out and out.exists() else {}
    sizes = before | {str(_rows(folder)): result}
    ordered = {str(size): sizes[str(size)] for size in sorted(map(int, sizes))}
    report({"machine": machine(), "sizes": ordered}, out)


def measured(name: str, folder: Path, limit: float) -> tuple[float, float]:
    """Wall seconds and peak resident MB of a contestant and its JVM.

    Raises TimeoutError when it has not ended within `limit` seconds, RuntimeError when it failed.
    """
    command = [sys.executable, "-m", "benchmarks.job", "run", name, str(folder)]
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen([*command, out], stdout=log, stderr=log, start_new_session=True)
        peak, before = 0.0, set[str]()
        try:
            while process.poll() is None:
                if time.perf_counter() - start > limit:
                    raise TimeoutError(f"{name} took more than {limit:.0f} s")
                now = resident(process.pid)
                peak = max(peak, lasting(now, before))
                before = set(now)
                time.sleep(0.2)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        seconds = time.perf_counter() - start
        if process.returncode:
            log.seek(0)
            raise RuntimeError(f"failed: {log.read()[-2000:].decode(errors='replace')}")
    return seconds, peak


def _contestants(folder: Path) -> list[str]:
    """Those of each comparison; the jobs also on the layouts that the folder has."""
    layouts = [layout for layout in LAYOUTS if (folder / layout).exists()]
    return [*CONTESTANTS, *(f"{name}:{layout}" for layout in layouts for name in JOBS)]


def _rows(folder: Path) -> int:
    """How many rows each dataset has, as the generator noted."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return int(expected["request"]["rows"])


def resident(session_id: int) -> dict[str, float]:
    """Resident MB by process of a session; `ps` reads the same on Linux and macOS."""
    command = ["ps", "-A", "-o", "pid=,sess=,pgid=,rss="]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = (line.split() for line in listing.splitlines())
    return {row[0]: int(row[3]) / 1024 for row in rows if str(session_id) in row[1:3]}


def lasting(now: Mapping[str, float], before: Set[str]) -> float:
    """MB of the processes that were there before: one just forked shows those of its parent."""
    return sum(size for process, size in now.items() if process in before)


if __name__ == "__main__":
    app()
