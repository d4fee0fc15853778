"""Changes one place of the library at a time and runs its tests; each change must be noticed.

mutmut makes the changes and runs the tests, on a copy of the project in build/mutation. The run
names each change that no test notices, unless scripts/equivalent_mutants.yaml says why it may stay,
and fails if the share of those noticed is below the floor.
Usage: mutants.py [--sample N] [--seed N] [--floor SHARE] [pattern …]; a pattern is one of mutmut,
such as `lakegate.ledger.*`.
"""

from __future__ import annotations

import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import yaml

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutation"
EQUIVALENT = ROOT / "scripts" / "equivalent_mutants.yaml"
MUTMUT = Path(sys.executable).parent / "mutmut"
SURVIVED, UNTESTED = (0,), (5, 33)


@dataclass(frozen=True)
class Change:
    """A line of a function before and after the change."""

    function: str
    before: str
    after: str


def main(
    patterns: Annotated[list[str] | None, typer.Argument()] = None,
    sample: Annotated[int, typer.Option(help="So many mutants, drawn; 0: all.")] = 0,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    floor: Annotated[float, typer.Option(help="Least share to be noticed, from 0 to 1.")] = 0.7,
    jobs: int = os.cpu_count() or 2,
) -> None:
    """Run the mutants and name those that no test notices."""
    refresh()
    mutmut("run", "none of them")  # makes the mutants, and learns which tests call which function
    names = [
        name
        for name in codes()
        if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    ]
    if sample and sample < len(names):
        names = random.Random(seed).sample(names, sample)
    mutmut("run", "--max-children", str(jobs), *names)
    found = codes()
    allowed = {Change(item["function"], item["before"], item["after"]) for item in equivalent()}
    if any(found[name] is None for name in names):
        typer.echo("the tests fail without any mutant, or mutmut was stopped", err=True)
        raise typer.Exit(2)
    unnoticed = [name for name in names if found[name] in (*SURVIVED, *UNTESTED)]
    left = [(name, change) for name in unnoticed if (change := change_of(name)) not in allowed]
    for name, change in left:
        word = "untested" if found[name] in UNTESTED else "survived"
        typer.echo(f"{word} {name}\n  - {change.before}\n  + {change.after}")
    typer.echo(
        f"{len(names)} mutants, {len(names) - len(unnoticed)} noticed, "
        f"{len(unnoticed) - len(left)} equivalent, {len(left)} left (seed {seed})"
    )
    raise typer.Exit(1 if len(left) > (1 - floor) * len(names) else 0)


def refresh() -> None:
    """Bring the copy up to date; what did not change keeps its mutants."""
    for folder in (COPY / "tests", COPY / "mutants" / "tests"):
        shutil.rmtree(folder, ignore_errors=True)
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)


def mutmut(*arguments: str) -> None:
    """Run mutmut in the copy; what its tests start finds the mutants, too."""
    mutants = COPY / "mutants"
    environment = {**os.environ, "PYTHONPATH": f"{mutants / 'src'}:{mutants}"}
    subprocess.run([str(MUTMUT), *arguments], cwd=COPY, check=False, env=environment)


def codes() -> dict[str, int | None]:
    """Each mutant's name with pytest's exit code, None if it has not run."""
    found: dict[str, int | None] = {}
    for path in sorted((COPY / "mutants").rglob("*.meta")):
        found |= json.loads(path.read_text())["exit_code_by_key"]
    return found


def equivalent() -> list[dict[str, str]]:
    """The changes that no test can notice, each with a reason."""
    listed: list[dict[str, str]] = yaml.safe_load(EQUIVALENT.read_text()) or []
    return listed


def change_of(name: str) -> Change:
    """What a mutant changes."""
    shown = subprocess.run(
        [str(MUTMUT), "show", name], cwd=COPY, check=True, capture_output=True, text=True
    )
    return Change(name.partition("__mutmut_")[0], *_lines(shown.stdout.splitlines()))


def _lines(diff: list[str]) -> Iterator[str]:
    for sign in "-+":
        changed = [line[1:].strip() for line in diff if line[:1] == sign and line[:3] != sign * 3]
        yield " ".join(changed)


if __name__ == "__main__":
    typer.run(main)
