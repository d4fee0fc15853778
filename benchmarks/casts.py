"""Lenient casts against strict ones, on both engines: the same rows, loosely written."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

from benchmarks import contestants
from benchmarks.harness.figures import machine, report
from benchmarks.job import measured

PAIRS = {"spark": ("job", "lenient_job"), "duckdb": ("duckdb_job", "lenient_duckdb_job")}
app = typer.Typer(add_completion=False)


@app.command()
def compare(
    folder: Path,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    only: Annotated[str, typer.Option(help="Engines, separated by commas.")] = "spark,duckdb",
    limit: Annotated[float, typer.Option(help="Seconds that a run may take.")] = 1800,
    out: Annotated[Path | None, typer.Option(help="Put the figures there.")] = None,
) -> None:
    """Run an engine over files that strict casts take and over loose ones, in turns."""
    engines: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        loose = Path(place)
        for name in contestants.NAMES:
            _loosen(name, folder, loose)
        for engine in only.split(","):
            strict, lenient = PAIRS[engine]
            runs = [
                (measured(strict, folder, limit)[0], measured(lenient, loose, limit)[0])
                for _ in range(rounds)
            ]
            middle = [median(seconds) for seconds in zip(*runs, strict=True)]
            engines[engine] = {
                "strict": [round(one, 2) for one, _ in runs],
                "lenient": [round(other, 2) for _, other in runs],
                "ratio": round(middle[1] / middle[0], 2),
            }
    report({"machine": machine(), "rounds": rounds, "engines": engines}, out)


def _loosen(name: str, folder: Path, out: Path) -> None:
    """Numbers and booleans as texts, and instants as databases print them."""
    kinds = {column.name: column.type for column in contestants.CONTRACT.datasets[name].columns}
    with (
        contestants.path(folder, name).open(encoding="utf-8") as lines,
        contestants.path(out, name).open("w", encoding="utf-8") as found,
    ):
        for line in lines:
            row = json.loads(line, parse_float=str)
            loose = {key: _loose(value, kinds.get(key, "")) for key, value in row.items()}
            found.write(json.dumps(loose, ensure_ascii=False, separators=(",", ":")) + "\n")


def _loose(value: Any, kind: str) -> Any:
    if value is None or kind == "string":
        return value
    if kind == "boolean":
        return "yes" if value else "no"
    if kind == "timestamp":
        return value.replace("T", " ").replace("Z", " UTC")
    return str(value)


if __name__ == "__main__":
    app()
