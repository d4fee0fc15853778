"""Writes realistic users, events and orders as JSON Lines, and what a correct run must find."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from lakegate.cli.terminal.safe import Console

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # started as a script, not as a module
    sys.path.insert(0, str(ROOT))

from lakegate.contract import ContractError, load  # noqa: E402
from scripts.generator.dirt.faults import FAMILIES  # noqa: E402
from scripts.generator.dirt.plan import Dirt, parse  # noqa: E402
from scripts.generator.draws import Draws  # noqa: E402
from scripts.generator.errors import GeneratorError  # noqa: E402
from scripts.generator.progress import shown  # noqa: E402
from scripts.generator.run import Request, generate  # noqa: E402
from scripts.generator.tables.rows import Source  # noqa: E402


def main(  # noqa: PLR0913, PLR0917 - one argument for each option
    rows: Annotated[
        int, typer.Option(min=1, max=1_000_000_000, help="Rows of each dataset.")
    ] = 1_000_000,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 42,
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("data/generated"),
    parts: Annotated[
        int, typer.Option(min=1, help="Files of each dataset; above 1 with a _manifest.json.")
    ] = 1,
    dirt: Annotated[
        str,
        typer.Option(
            help="Bad lines to add per good row: 0.002 for all kinds together, or by kind: "
            "malformed=0.001,unknown_user=0.002. Kinds: " + ", ".join(FAMILIES) + "."
        ),
    ] = "0",
    refused: Annotated[
        bool, typer.Option("--refused", help="Allow more dirt than a run accepts.")
    ] = False,
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
        bad = Dirt(source.contract, Draws(seed), parse(dirt))
        if not refused:
            bad.check()
        with shown(console, rows * len(source.contract.datasets)) as progress:
            tallies = generate(Request(source, bad, parts), out, workers, progress)
    except (ContractError, GeneratorError, OSError) as error:
        Console(stderr=True).print(str(error), style="red")
        raise typer.Exit(2) from error
    except KeyboardInterrupt:
        Console(stderr=True).print("stopped; no files are left")
        raise typer.Exit(130) from None
    size = sum(file["bytes"] for tally in tallies.values() for file in tally.files)
    lines = sum(tally.read for tally in tallies.values())
    seconds = time.monotonic() - started
    if any(bad.leaves_out_malformed(name, rows // parts) for name in tallies):
        console.print(
            f"no malformed lines: the validator would see them in files of under "
            f"{bad.enough_rows:,} rows and refuse the files"
        )
    console.print(f"{lines:,} rows, {size / 1e6:,.0f} MB in {out} after {seconds:.1f} s")


if __name__ == "__main__":
    typer.run(main)
