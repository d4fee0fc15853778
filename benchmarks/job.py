"""The job against Spark's own scan, the usual job, DuckDB and Polars, on the same files."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from benchmarks import contestants

CONTESTANTS = {
    "scan": contestants.scan,
    "job": contestants.job,
    "usual": contestants.usual,
    "duckdb": contestants.on_duckdb,
    "polars": contestants.on_polars,
}
app = typer.Typer(add_completion=False)


@app.command()
def run(name: str, folder: Path, out: Path) -> None:
    """Run one contestant in this process, as `compare` does for each."""
    CONTESTANTS[name](folder, out)


@app.command()
def compare(
    folder: Path,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    only: Annotated[str, typer.Option(help="Contestants, separated by commas.")] = "",
    out: Annotated[Path | None, typer.Option(help="Also write the figures there.")] = None,
) -> None:
    """Run them in turns, each in a process of its own; medians, spread, memory, ratio to scan."""
    names = only.split(",") if only else list(CONTESTANTS)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            found[name].append(measured(name, folder))
    floor = median(seconds for seconds, _ in found[names[0]])
    rows = {}
    table = [
        f"| contestant | median s | spread s | of {names[0]} | peak MB |",
        "|---|---|---|---|---|",
    ]
    for name, runs in found.items():
        seconds = [second for second, _ in runs]
        middle, peak = median(seconds), max(memory for _, memory in runs)
        rows[name] = {"seconds": seconds, "median": middle, "peak_mb": peak}
        table.append(
            f"| {name} | {middle:.1f} | {min(seconds):.1f} to {max(seconds):.1f} "
            f"| {middle / floor:.2f} | {peak:.0f} |"
        )
    typer.echo("\n".join(table))
    if out:
        machine = {"cpus": os.cpu_count(), "machine": platform.machine()}
        size = sum(contestants.path(folder, name).stat().st_size for name in contestants.NAMES)
        document = {"machine": machine, "rounds": rounds, "bytes": size, "contestants": rows}
        out.write_text(json.dumps(document, indent=1) + "\n")
        about = f"{size / 1e6:.0f} MB of JSON, {rounds} rounds, {os.cpu_count()} processors"
        out.with_suffix(".md").write_text("\n".join([about, "", *table]) + "\n")


def measured(name: str, folder: Path) -> tuple[float, float]:
    """Wall seconds and peak resident MB of a contestant and its JVM."""
    command = [sys.executable, "-m", "benchmarks.job", "run", name, str(folder)]
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen([*command, out], stdout=log, stderr=log, start_new_session=True)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.2)
        seconds = time.perf_counter() - start
        if process.returncode:
            log.seek(0)
            raise typer.BadParameter(f"{name} failed: {log.read()[-2000:].decode()}")
    return seconds, peak


def resident(session_id: int) -> float:
    """Resident MB of all processes of a session; `ps` reads the same on Linux and macOS."""
    command = ["ps", "-A", "-o", "sess=,pgid=,rss="]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = (line.split() for line in listing.splitlines())
    return sum(int(row[2]) for row in rows if str(session_id) in row[:2]) / 1024


if __name__ == "__main__":
    app()
