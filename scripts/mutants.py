"""Changes one place of the library at a time and runs its tests; each change must be noticed.

mutmut makes the changes, in a copy of the project in build/mutation. Each drawn change meets the
unit tests of its package first, up to the first that fails; one that they do not notice meets the
tests with faults, too. The run goes on until the sample is through or its minutes are over. It
names each change that no test notices, unless scripts/equivalent_mutants.yaml says why it may stay,
and fails if the share of those noticed is below the floor.
Usage: mutants.py [--sample N] [--minutes N] [--seed N] [--floor SHARE] [pattern …]; a pattern is
one of mutmut, such as `lakegate.ledger.*`.
"""

from __future__ import annotations

import fnmatch
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
import yaml

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutation"
MUTANTS = COPY / "mutants"
EQUIVALENT = ROOT / "scripts" / "equivalent_mutants.yaml"
MUTMUT = Path(sys.executable).parent / "mutmut"
# Its command would run all tests three times before the first mutant.
MAKE = """
from mutmut import __main__ as mutmut
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.create_mutants(2)
"""
UNIT = {
    "aws": ("aws", "ledger", "reconciler", "lambda_validator", "files"),
    "contract": ("contract",),
    "files": ("files", "lambda_validator"),
    "ledger": ("ledger", "reconciler", "lambda_validator", "files"),
    "reconcile": ("reconciler", "ledger"),
}
WITH_FAULTS = frozenset({"aws", "ledger", "reconcile"})
# What measures time measures the tool, too, and the copy has no emulator.
PASSED_OVER = "not takes_long and not monstrous and not little_time and not test_conformance"
# A change that makes the tests of a package take so much longer is noticed.
LONGER, MORE_SECONDS = 4, 60
PASSED = 0

Outcome = Literal["noticed", "survived", "left out"]


@dataclass(frozen=True)
class Change:
    """A line of a function before and after the change."""

    function: str
    before: str
    after: str


@dataclass(frozen=True)
class Tests:
    """Tests that are run together, and how long they take without a change."""

    paths: tuple[str, ...]
    seconds: float

    def notice(self, mutant: str) -> bool:
        """Whether one of them fails, or does not end, with the mutant."""
        try:
            code = pytest(self.paths, mutant, LONGER * self.seconds + MORE_SECONDS)
        except subprocess.TimeoutExpired:
            return True
        return code != PASSED


def main(  # noqa: PLR0913, PLR0917 - a command line
    patterns: Annotated[list[str] | None, typer.Argument()] = None,
    sample: Annotated[int, typer.Option(help="So many mutants, drawn; 0: all.")] = 0,
    minutes: Annotated[float, typer.Option(help="After these no mutant is begun; 0: none.")] = 0,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    floor: Annotated[float, typer.Option(help="Least share to be noticed, from 0 to 1.")] = 0.7,
    jobs: int = os.cpu_count() or 2,
) -> None:
    """Run the mutants and name those that no test notices."""
    ends = time.monotonic() + minutes * 60 if minutes else float("inf")
    refresh()
    names = [
        name
        for name in made()
        if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    ]
    random.Random(seed).shuffle(names)
    names = names[:sample] if sample else names
    unit, faults = measured({package_of(name) for name in names})

    def outcome(name: str) -> Outcome:
        if time.monotonic() > ends:
            return "left out"
        package = package_of(name)
        noticed = unit[package].notice(name)
        if not noticed and package in WITH_FAULTS:
            if time.monotonic() > ends:
                return "left out"
            noticed = faults.notice(name)
        typer.echo(f"{'noticed ' if noticed else 'survived'} {name}")
        return "noticed" if noticed else "survived"

    with ThreadPoolExecutor(jobs) as pool:
        outcomes = dict(zip(names, pool.map(outcome, names), strict=True))
    tell(outcomes, seed, floor)


def tell(outcomes: dict[str, Outcome], seed: int, floor: float) -> None:
    """Name what no test noticed; the run fails if that is too much, or if nothing was tried."""
    allowed = {Change(item["function"], item["before"], item["after"]) for item in equivalent()}
    tried = [name for name in outcomes if outcomes[name] != "left out"]
    survived = [name for name in tried if outcomes[name] == "survived"]
    left = [(name, change) for name in survived if (change := change_of(name)) not in allowed]
    for name, change in left:
        typer.echo(f"survived {name}\n  - {change.before}\n  + {change.after}")
    typer.echo(
        f"{len(tried)} mutants, {len(tried) - len(survived)} noticed, "
        f"{len(survived) - len(left)} equivalent, {len(left)} left (seed {seed})"
    )
    raise typer.Exit(1 if not tried or len(left) > (1 - floor) * len(tried) else 0)


def refresh() -> None:
    """Bring the copy up to date; what did not change keeps its mutants."""
    for folder in (COPY / "tests", MUTANTS / "tests"):
        shutil.rmtree(folder, ignore_errors=True)
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (COPY / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, COPY / name)


def made() -> list[str]:
    """The names of all mutants, after mutmut has made those that are missing."""
    subprocess.run(
        (sys.executable, "-c", MAKE),
        cwd=COPY,
        check=True,
        env=environment(""),
        stdout=subprocess.DEVNULL,
    )
    found: list[str] = []
    for path in sorted(MUTANTS.rglob("*.meta")):
        found += json.loads(path.read_text())["exit_code_by_key"]
    return found


def package_of(name: str) -> str:
    """`lakegate.ledger.order.x_pad__mutmut_1` -> `ledger`."""
    return name.split(".")[1]


def measured(packages: set[str]) -> tuple[dict[str, Tests], Tests]:
    """The tests of these packages, and those with faults, after a run without any mutant."""
    folders = {one: tuple(f"tests/unit/{folder}" for folder in UNIT[one]) for one in packages}
    with_faults = packages & WITH_FAULTS
    return (
        {one: Tests(paths, seconds_of(paths)) for one, paths in sorted(folders.items())},
        Tests(paths := ("tests/faults",), seconds_of(paths) if with_faults else 0),
    )


def seconds_of(paths: tuple[str, ...]) -> float:
    """How long tests take without any mutant; they have to pass."""
    began = time.monotonic()
    if pytest(paths, "", None) != PASSED:
        typer.echo(f"{' '.join(paths)}: the tests fail without any mutant", err=True)
        raise typer.Exit(2)
    return time.monotonic() - began


def pytest(paths: tuple[str, ...], mutant: str, limit: float | None) -> int:
    """The exit code of the tests with a mutant, up to the first that fails."""
    command = (sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "-k", PASSED_OVER)
    ended = subprocess.run(
        [*command, *paths],
        cwd=MUTANTS,
        check=False,
        env=environment(mutant),
        stdout=subprocess.DEVNULL,
        timeout=limit,
    )
    return ended.returncode


def environment(mutant: str) -> dict[str, str]:
    """What tests start finds the mutants, too."""
    places = {"PYTHONPATH": f"{MUTANTS / 'src'}:{MUTANTS}", "MUTANT_UNDER_TEST": mutant}
    return {**os.environ, **places, "PYTHONDONTWRITEBYTECODE": "1"}


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
