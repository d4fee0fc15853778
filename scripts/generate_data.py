"""Writes realistic users, events and orders as JSON Lines, and what a correct run must find."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # started as a script, not as a module
    sys.path.insert(0, str(ROOT))

from contract import ContractError, load  # noqa: E402
from scripts.generator.errors import GeneratorError  # noqa: E402
from scripts.generator.progress import shown  # noqa: E402
from scripts.generator.rows import Source  # noqa: E402
from scripts.generator.run import generate  # noqa: E402


def main(  # noqa: PLR0913, PLR0917 - one argument for each option
    rows: Annotated[
        int, typer.Option(min=1, max=1_000_000_000, help="Rows of each dataset.")
    ] = 1_000_000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 42,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("data/generated"),
    parts: Annotated[
        int, typer.Option(min=1, help="Files of each dataset; above 1 with a _manifest.json.")
    ] = 1,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; all processors if not given.")
    ] = None,
    config: Annotated[Path, typer.Option(help="The contract.")] = ROOT / "config/pipeline.yaml",
) -> None:
    """Write users, events and orders (and any other dataset of the contract) to a folder.

    Beside them stands expected.json: the exact counts and gold totals of a correct run.
    """
    console = Console()
    started = time.monotonic()
    try:
        source = Source(load(config), seed, rows)
        with shown(console, rows * len(source.contract.datasets)) as progress:
            tallies = generate(source, out, parts, workers, progress)
    except (ContractError, GeneratorError) as error:
        Console(stderr=True).print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        Console(stderr=True).print("stopped; the files in the folder are incomplete")
        raise typer.Exit(130) from None
    size = sum(file["bytes"] for tally in tallies.values() for file in tally.files)
    lines = sum(tally.read for tally in tallies.values())
    seconds = time.monotonic() - started
    console.print(f"{lines:,} rows, {size / 1e6:,.0f} MB in {out} after {seconds:.1f} s")


if __name__ == "__main__":
    typer.run(main)
