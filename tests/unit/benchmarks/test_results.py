"""The committed results: their page says what their JSON says, and they name no machine."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import make_up, plot, tables
from benchmarks.harness.figures import RESULTS, machine, spread

FOUND = sorted(RESULTS.glob("*.json"))


def test_the_page_is_made_of_the_results() -> None:
    """If this fails, run: python -m benchmarks.tables"""
    assert (RESULTS / "README.md").read_text(encoding="utf-8") == tables.page()


def test_a_figure_of_the_page_is_a_figure_of_the_result() -> None:
    measured = json.loads((RESULTS / "validator.json").read_text(encoding="utf-8"))["measured"]
    last = next(one for one in measured if (one["depth"], one["megabytes"]) == ("sampled", 1000))
    row = f"| sampled | 1,000 MB | {last['seconds']['median']:.3f} ("
    assert row in (RESULTS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_a_result_tells_neither_host_nor_folder(path: Path) -> None:
    found = [*texts(json.loads(path.read_text(encoding="utf-8"))), *texts(machine())]
    assert platform.node() not in found
    assert not [text for text in found if "/" in text]


def texts(value: Any) -> Iterator[str]:
    """All strings of a JSON value, keys left out."""
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def test_conversion_keeps_its_budgets() -> None:
    """60 MB a second and core for arrays and gzip, 30 for CSV, memory flat: ± 10 %."""
    path = RESULTS / "conversion.json"
    measured = json.loads(path.read_text(encoding="utf-8"))["measured"]
    by_shape: dict[str, list[dict[str, Any]]] = {}
    for one in measured:
        by_shape.setdefault(one["shape"], []).append(one)
    assert len(by_shape) == 11
    for shape, sizes in by_shape.items():
        _, *larger = sizes
        for one in larger:
            assert one["mb_per_cpu_second"] >= (30 if "csv" in shape else 60), shape
        peaks = [one["peak_memory_mib"] for one in sizes]
        assert max(peaks) <= 1.1 * (max(peaks) + min(peaks)) / 2, shape


def test_the_spread_is_the_middle_and_both_ends() -> None:
    assert spread([3.0, 1.0, 2.26], 1) == {"median": 2.3, "least": 1.0, "most": 3.0}


def test_each_result_has_a_panel_and_a_table() -> None:
    names = {path.stem for path in FOUND}
    assert names <= set(plot.PANELS)
    assert names <= set(tables.SECTIONS)


def test_steps_of_make_up_are_read_from_what_it_prints() -> None:
    printed = (
        "✓ start embedded emulator               2.1 s  http://127.0.0.1:4700\n"
        "✓ build, terraform init                12.7 s  \n"
        "✓ uploaded to bronze, batch sample-20261122-120000    0.5 s  3 files, 0.5 MB\n"
        "up in 15.4 s\n"
    )
    assert make_up.steps_of(printed) == {
        "start": 2.1,
        "build, terraform init": 12.7,
        "uploaded to bronze": 0.5,
    }
