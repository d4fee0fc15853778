"""Runs the SQL of a project over files or lines, with the engine that AWS would run it with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lakegate.contract import Contract
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.duckdb.resources import MB, Resources
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.plan import Plan
from lakegate.transform.render import render
from lakegate.transform.sql import relations
from lakegate.trial import differences
from lakegate.trial.cases import Case

MEMORY, DISK = 1024 * MB, 4096 * MB


class Trial:
    """A project whose cases are run; its SQL is read, checked and rendered once."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.relations = relations(contract)
        self._plan: Plan = render(contract, "duckdb")

    def rows(self, table: str, lines: Mapping[str, Sequence[bytes]]) -> list[dict[str, Any]]:
        """The rows of a relation over the lines of each dataset."""
        with self._over(lines) as engine:
            kinds = self.relations[table]
            columns = ", ".join(_as_text(name, kind) for name, kind in kinds.items())
            found = engine.rows(f"select {columns} from {table}")
        return [
            {name: differences.value(name, text, kinds) for name, text in row.items()}
            for row in found
        ]

    def differences(self, case: Case) -> list[str]:
        """What the table of a case has otherwise than it expects."""
        table = self.contract.gold_tables.get(case.table)
        return differences.differences(
            case.expect,
            self.rows(case.table, case.lines),
            self.relations[case.table],
            table.grain if table else (),
        )

    @contextmanager
    def _over(self, lines: Mapping[str, Sequence[bytes]]) -> Iterator[DuckDBEngine]:
        with tempfile.TemporaryDirectory() as folder:
            files = {name: _written(Path(folder), name, lines) for name in self.contract.read}
            resources = Resources(Path(folder) / "scratch", MEMORY, DISK, 1)
            with DuckDBEngine(self.contract, resources) as engine:
                engine.read(files)
                for view in (*self._plan.staging, *self._plan.gold):
                    engine.view(view)
                yield engine


def _written(folder: Path, dataset: str, lines: Mapping[str, Sequence[bytes]]) -> list[SilverFile]:
    rows = lines.get(dataset, ())
    if not rows:
        return []
    path = folder / f"{dataset}.json"
    path.write_bytes(b"\n".join(rows) + b"\n")
    return [SilverFile(str(path), path.stat().st_size)]


def _as_text(name: str, kind: str) -> str:
    quoted = f'"{name}"'
    value = f"cast({quoted} as timestamp)" if kind == "timestamp" else quoted
    return f"cast({value} as varchar) as {quoted}"
