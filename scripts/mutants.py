"""Removes each precondition, fence and check in turn; every mutant must be caught by a test.

Works on copies of the project, so that the tree is never touched. Usage: mutants.py [word …] runs
the mutants whose claim or file holds a word; without words all. Exits with 1 if one survives.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated

import typer
from rich import print as show

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # started as a script, not as a module
    sys.path.insert(0, str(ROOT))

from scripts.mutating import (  # noqa: E402
    ending,
    engines,
    judging,
    operating,
    repairing,
    starting,
)
from scripts.mutating.mutant import Mutant  # noqa: E402
from scripts.mutating.running import bench, room_of  # noqa: E402

MUTANTS: tuple[Mutant, ...] = (
    *starting.MUTANTS,
    *engines.MUTANTS,
    *ending.MUTANTS,
    *operating.MUTANTS,
    *repairing.MUTANTS,
    *judging.MUTANTS,
)


def main(words: Annotated[list[str] | None, typer.Argument()] = None, jobs: int = 2) -> None:
    """Run the mutants, so many at a time, after the tests have passed without any."""
    chosen = [
        item
        for item in MUTANTS
        if not words or any(word in f"{item.file}: {item.claim}" for word in words)
    ]
    for mutant in chosen:  # an edit that no longer fits is told of now and not after all others
        mutant.applied((ROOT / "src" / mutant.file).read_text())
    begun, survivors = time.monotonic(), 0
    with bench() as tests, ThreadPoolExecutor(jobs) as pool:
        if failed := tests.failing_without_mutant({room_of(item.file) for item in chosen}):
            show(f"fails without any mutant: {failed}")
            raise typer.Exit(code=2)
        show(f"all tests pass without mutants, {time.monotonic() - begun:.0f} s")
        asked = {pool.submit(tests.caught_by, mutant): mutant for mutant in chosen}
        for done in as_completed(asked):
            mutant, test = asked[done], done.result()
            survivors += test is None
            mark = "[red]SURVIVED[/red]" if test is None else "caught  "
            by = f" [dim]({test.rpartition('::')[2]})[/dim]" if test else ""
            show(f"{mark} {mutant.file}: {mutant.claim}{by}")
    caught = len(chosen) - survivors
    show(f"caught {caught} of {len(chosen)} mutants in {time.monotonic() - begun:.0f} s")
    raise typer.Exit(code=1 if survivors else 0)


if __name__ == "__main__":
    typer.run(main)
