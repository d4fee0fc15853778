"""The results as one picture: `python -m benchmarks.plot` draws results/benchmarks.svg."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import matplotlib as mpl
import typer
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from benchmarks import panels
from benchmarks.harness.figures import RESULTS

STYLE: Any = {
    "svg.hashsalt": "benchmarks",  # the same figures give the same file
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 22,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": panels.LINE,
    "axes.labelcolor": panels.QUIET,
    "xtick.color": panels.QUIET,
    "ytick.color": panels.QUIET,
    "text.color": panels.INK,
    "axes.titlecolor": panels.INK,
    "axes.axisbelow": True,
}
PANELS: dict[str, Callable[[Any, Mapping[str, Any]], None]] = {
    "job": panels.job,
    "generator": panels.generator,
    "validator": panels.validator,
    "conversion": panels.conversion,
    "latency": panels.latency,
    "make_up": panels.make_up,
    "calls": panels.dollars,
}


def draw(results: Mapping[str, Mapping[str, Any]]) -> Figure:
    """One panel for each result that is there, two a row."""
    rows = -(-len(results) // 2)
    layout = ConstrainedLayoutEngine(w_pad=0.25, h_pad=0.2)
    figure = Figure(figsize=(11, 3.3 * rows), layout=layout)
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, 2, squeeze=False)
    for axes, (name, result) in zip(grid.flat, results.items(), strict=False):
        PANELS[name](axes, result)
    for axes in grid.flat[len(results) :]:
        axes.set_visible(False)
    return figure


def main(
    folder: Annotated[Path, typer.Argument()] = RESULTS,
    name: Annotated[str, typer.Option(help="An SVG or a PNG.")] = "benchmarks.svg",
) -> None:
    """Draw every result that is there, beside them."""
    found = {result: folder / f"{result}.json" for result in PANELS}
    results = {
        result: json.loads(path.read_text(encoding="utf-8"))
        for result, path in found.items()
        if path.exists()
    }
    with mpl.rc_context(STYLE):
        metadata = {"Date": None} if name.endswith(".svg") else None
        draw(results).savefig(folder / name, dpi=110, facecolor="white", metadata=metadata)


if __name__ == "__main__":
    typer.run(main)
