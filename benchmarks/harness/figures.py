"""How results are written: the machine, medians with their spread, one JSON file each."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import typer

RESULTS = Path(__file__).resolve().parent.parent / "results"


def machine() -> dict[str, Any]:
    """What a figure depends on; no name of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpus": os.cpu_count(),
        "cpu": _model() or platform.machine(),
        "memory_gib": round(memory / 2**30),
        "os": platform.system(),
        "python": platform.python_version(),
    }


def spread(values: Sequence[float], places: int) -> dict[str, float]:
    """Median, least and most."""
    return {
        "median": round(median(values), places),
        "least": round(min(values), places),
        "most": round(max(values), places),
    }


def report(result: Mapping[str, Any], out: Path | None) -> None:
    """Print a result as JSON, and write it to a file if one is named."""
    text = json.dumps(result, indent=2)
    typer.echo(text)
    if out:
        out.write_text(text + "\n", encoding="utf-8")


def _model() -> str:
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "")
