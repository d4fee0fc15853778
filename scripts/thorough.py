"""Runs the long proofs one after the other, each within its budget, and writes a report.

`make test-thorough` runs all of them; `python scripts/thorough.py faults fuzz` only those. The
report is build/thorough.md; the exit code is 1 if a part failed or ran out of its time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "build" / "thorough.md"
PYTHON = sys.executable
MUTANTS = ROOT / ".local" / "venvs" / "mutants" / "bin" / "python"
SCANNERS = ROOT / ".local" / "venvs" / "scan" / "bin" / "python"


@dataclass(frozen=True)
class Part:
    """One proof: what it shows, its command, and its budget in minutes."""

    name: str
    shows: str
    command: tuple[str, ...]
    minutes: float
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ended:
    """How a part ended; `last` is the last line that it printed."""

    part: Part
    state: str
    seconds: float
    last: str


def _pytest(*paths: str) -> tuple[str, ...]:
    return (PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths)


ALL_CORES = ("-n", "auto", "--dist", "worksteal")
LONG = {"HYPOTHESIS_PROFILE": "thorough"}
KILLS = ("tests/faults/test_function.py", "tests/spark/test_killed.py")
ELSEWHERE = tuple(f"--ignore={path}" for path in KILLS)
PARTS = (
    Part(
        "unit",
        "every property with a thousand examples",
        _pytest(*ALL_CORES, "tests/unit"),
        30,
        LONG,
    ),
    Part(
        "faults",
        "each fault at each call, all interleavings of races, many of larger meetings",
        _pytest(*ALL_CORES, "tests/faults", *ELSEWHERE),
        60,
        LONG,
    ),
    Part(
        "fuzz",
        "100,000 arbitrary inputs never raise, hang or contradict one another",
        (PYTHON, "-m", "tests.fuzz_validator", "--inputs", "100000"),
        30,
    ),
    Part(
        "parity",
        "both engines, the rules and the validator agree on a million drawn lines",
        _pytest("tests/spark", "tests/duckdb", *ELSEWHERE),
        90,
        {**LONG, "SPARK_PLACES": "22500"},  # of 45 lines each
    ),
    Part(
        "kills",
        "the real job of both engines killed at each call, Spark's process at its stages",
        _pytest(*KILLS, "tests/integration/test_kill.py"),
        60,
        LONG,
    ),
    Part("iam", "each permission is needed, none is missing", _pytest("tests/iam"), 60),
    Part(
        "mutants",
        "changes of the library, drawn anew each day, are noticed by a test",
        (str(MUTANTS), "scripts/mutants.py", "--minutes", "30", "--seed", f"{date.today():%Y%m%d}"),
        50,
    ),
    Part(
        "audit",
        "no locked dependency has a known weakness",
        (
            *(str(SCANNERS), "-m", "pip_audit", "--require-hashes", "--disable-pip"),
            *("--requirement", "requirements/dev.txt"),
        ),
        10,
    ),
)


def run(part: Part) -> Ended:
    """Runs a part to its end or to the end of its budget; its output goes on to this terminal."""
    began = time.monotonic()
    process = subprocess.Popen(
        part.command,
        cwd=ROOT,
        env={**os.environ, **part.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    last, state = "", "passed"
    previous = signal.signal(signal.SIGALRM, _out_of_time)
    signal.setitimer(signal.ITIMER_REAL, part.minutes * 60)
    try:
        for line in process.stdout:
            sys.stdout.write(line)
            last = line.strip() or last
        if process.wait():
            state = f"failed ({process.returncode})"
    except TimeoutError:
        state = f"out of its {part.minutes:g} minutes"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
        process.stdout.close()
    return Ended(part, state, time.monotonic() - began, last[-200:])


def _out_of_time(*_: object) -> None:
    raise TimeoutError


def report(ended: Sequence[Ended]) -> str:
    """A Markdown table of what was run."""
    rows = [
        f"| {item.part.name} | {item.part.shows} | {item.state} | {item.seconds:,.0f} s | "
        f"`{item.last.replace('|', '/')}` |"
        for item in ended
    ]
    head = ("| part | shows | state | took | last line |", "| --- | --- | --- | --- | --- |")
    return "\n".join(("# Thorough tests", "", *head, *rows)) + "\n"


def main(
    names: Annotated[
        list[str] | None, typer.Argument(help=", ".join(part.name for part in PARTS))
    ] = None,
) -> None:
    """Run the long proofs and write build/thorough.md."""
    unknown = set(names or ()) - {part.name for part in PARTS}
    if unknown:
        typer.echo(f"no part is called {', '.join(sorted(unknown))}", err=True)
        raise typer.Exit(2)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # `run` cleans up
    ended: list[Ended] = []
    for part in PARTS:
        if not names or part.name in names:
            typer.echo(f"== {part.name}: {part.shows} (at most {part.minutes:g} min)")
            ended.append(run(part))
            REPORT.parent.mkdir(exist_ok=True)
            REPORT.write_text(report(ended))
    typer.echo(report(ended))
    if any(item.state != "passed" for item in ended):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
