"""The projects of `examples/` on DuckDB; `tests/spark` runs the same on Spark."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lakegate.contract.project import Project
from lakegate.trial import cases
from lakegate.trial.running import Trial
from scripts.examples.__main__ import write
from tests.examples.oracles import FOLDER, ORACLES, told

MOST_BYTES = 300_000
DEMO = FOLDER.parent / "config"


@pytest.mark.parametrize("name", ORACLES)
def test_every_table_is_what_plain_python_makes_of_the_sample(name: str) -> None:
    project = Project.open(FOLDER / name)
    expected = ORACLES[name](project.sample_data)
    assert len(expected) >= 3
    assert expected.keys() == project.contract.gold_tables.keys()
    found = Trial(project.contract).tables(project.samples())
    for table, rows in expected.items():
        assert rows
        assert told(found[table]) == told(rows)


@pytest.mark.parametrize("folder", [DEMO, *(FOLDER / name for name in ORACLES)])
def test_the_cases_of_a_project_hold(folder: Path) -> None:
    project = Project.open(folder)
    trial = Trial(project.contract)
    paths = cases.paths(project.tests)
    assert paths
    for path in paths:
        case = cases.load(path, project.contract.datasets, trial.relations)
        assert trial.differences(case) == []


def test_the_sample_data_is_what_the_script_writes(tmp_path: Path) -> None:
    write(tmp_path)
    for name in ORACLES:
        folder, made = (root / name / "sample_data" for root in (FOLDER, tmp_path))
        assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in made.iterdir())
        for path in folder.iterdir():
            assert content(path) == content(made / path.name), path
        assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_BYTES


def content(path: Path) -> bytes:
    """What is in a file, however it is packed."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data
