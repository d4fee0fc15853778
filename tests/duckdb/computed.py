"""What the engine makes of lines that a test has at hand."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from duckdb import DuckDBPyConnection

from lakegate.contract import Contract
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.produce import Targets, produce
from lakegate.transform.render import render
from lakegate.transform.report import Report
from tests.duckdb.lake import resources

Lines = Mapping[str, Iterable[bytes]]


@contextmanager
def relations(contract: Contract, lines: Lines) -> Iterator[DuckDBPyConnection]:
    """A connection with every relation of a run, over the lines of each dataset."""
    with (
        tempfile.TemporaryDirectory() as folder,
        DuckDBEngine(contract, resources(Path(folder) / "scratch")) as engine,
    ):
        engine.read(_files(contract, lines, Path(folder)))
        plan = render(contract, "duckdb")
        for view in plan.staging + plan.gold:
            engine.view(view)
        yield engine._connection


def run(contract: Contract, lines: Lines, folder: Path) -> Report:
    """Runs it all; gold lies below `gold/<table>`, quarantine below `rows/<dataset>`."""
    report = Report("default", "r1", 1, "dk_1", "2026-11-22T00:00:00Z", {}, engine="duckdb")
    targets = Targets(
        {name: str(folder / "gold" / name) for name in contract.gold_tables},
        {name: str(folder / "rows" / name) for name in contract.read},
    )
    with DuckDBEngine(contract, resources(folder / "scratch")) as engine:
        project = Project(contract, render(contract, "duckdb"))
        produce(engine, project, _files(contract, lines, folder), targets, report)
    return report


def _files(contract: Contract, lines: Lines, folder: Path) -> dict[str, list[SilverFile]]:
    files: dict[str, list[SilverFile]] = {name: [] for name in contract.read}
    for name in files.keys() & lines.keys():
        path = folder / f"{name}.json"
        path.write_bytes(b"".join(line + b"\n" for line in lines[name]))
        if path.stat().st_size:
            files[name].append(SilverFile(str(path), path.stat().st_size))
    return files
