"""The projects of `examples/` on DuckDB; `tests/spark` runs the same on Spark."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lakegate.contract.project import Project
from lakegate.trial.running import Trial
from scripts.examples.__main__ import write
from tests.examples import flights, sensors

ROOT = Path(__file__).resolve().parents[2]
Oracle = Callable[[Path], dict[str, list[dict[str, Any]]]]
ORACLES: dict[str, Oracle] = {"flights": flights.expected, "sensors": sensors.expected}


@pytest.mark.parametrize("name", ORACLES)
def test_every_table_is_what_plain_python_makes_of_the_sample(name: str) -> None:
    project = Project.open(ROOT / "examples" / name)
    expected = ORACLES[name](project.sample_data)
    assert len(expected) >= 3
    assert expected.keys() == project.contract.gold_tables.keys()
    found = Trial(project.contract).tables(project.samples())
    for table, rows in expected.items():
        assert rows
        assert len(found[table]) == len(rows)
        left = [tuple(map(_told, row.items())) for row in found[table]]
        assert sorted(left) == sorted(tuple(map(_told, row.items())) for row in rows)


def _told(item: tuple[str, Any]) -> str:
    name, value = item
    return f"{name} {value:.9g}" if isinstance(value, float) else f"{name} {value}"


def test_the_sample_data_is_what_the_script_writes(tmp_path: Path) -> None:
    write(tmp_path)
    for name in ORACLES:
        folder = ROOT / "examples" / name / "sample_data"
        made = tmp_path / name / "sample_data"
        assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in made.iterdir())
        for path in folder.iterdir():
            assert _content(path) == _content(made / path.name), path
        assert sum(path.stat().st_size for path in folder.iterdir()) < 300_000


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data
