"""Runs the SQL of a project over files or lines, with the engine that AWS would run it with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lakegate.contract import Contract
from lakegate.infer.opened import opened
from lakegate.transform.engines.duckdb.engine import DuckDBEngine
from lakegate.transform.engines.duckdb.resources import MB, Resources
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.plan import OUTCOMES, Plan
from lakegate.transform.render import render
from lakegate.transform.sql import relations
from lakegate.trial import differences
from lakegate.trial.cases import Case

Row = dict[str, Any]
MEMORY, DISK = 1024 * MB, 4096 * MB


@dataclass(frozen=True)
class Look:
    """Outcomes of lines, and rows of relations by their names."""

    outcomes: list[Row]
    rows: dict[str, list[Row]]


class Trial:
    """A project whose cases are run; its SQL is read, checked and rendered once."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.relations = relations(contract)
        self._plan: Plan = render(contract, "duckdb")

    def differences(self, case: Case) -> list[str]:
        """What the table of a case has otherwise than it expects."""
        table = self.contract.gold_tables.get(case.table)
        found = self.rows(case.table, case.lines)
        kinds = self.relations[case.table]
        grain = table.grain if table else ()
        return differences.differences(case.expect, found, kinds, grain, case.at)

    def rows(self, table: str, lines: Mapping[str, Sequence[bytes]]) -> list[Row]:
        """The rows of a relation over the lines of each dataset."""
        with tempfile.TemporaryDirectory() as folder:
            files = {
                name: [_written(Path(folder) / f"{name}.json", rows)]
                for name, rows in lines.items()
                if rows
            }
            with self._over(files, Path(folder)) as engine:
                return self._rows(engine, table)

    def tables(self, paths: Sequence[Path]) -> dict[str, list[Row]]:
        """The rows of every gold table over files of any shape that are named as uploads are."""
        with self.over(paths) as engine:
            return {table: self._rows(engine, table) for table in self.contract.gold_tables}

    def look(self, paths: Sequence[Path], names: Sequence[str], limit: int) -> Look:
        """What became of the lines of such files, and the first rows of some relations."""
        with self.over(paths) as engine:
            outcomes = engine.rows(
                f"select dataset, outcome, line_count from {OUTCOMES} "
                "where line_count > 0 order by dataset, line_count desc, outcome"
            )
            return Look(outcomes, {name: self._rows(engine, name, limit) for name in names})

    def outcomes(self, paths: Sequence[Path]) -> dict[str, dict[str, int]]:
        """Dataset to outcome to number of lines, over such files."""
        found: dict[str, dict[str, int]] = {}
        with self.over(paths) as engine:
            for row in engine.rows(f"select dataset, outcome, line_count from {OUTCOMES}"):
                found.setdefault(row["dataset"], {})[row["outcome"]] = int(row["line_count"])
        return found

    @contextmanager
    def over(self, paths: Sequence[Path]) -> Iterator[DuckDBEngine]:
        """An engine that has every relation of the project over such files."""
        with tempfile.TemporaryDirectory() as folder:
            files: dict[str, list[SilverFile]] = {}
            for path in paths:
                match = self.contract.key_pattern.fullmatch(path.name)
                if match is None:
                    continue
                name = match["dataset"]
                file = opened(path, name, self.contract.datasets[name], self.contract.limits)
                target = Path(folder) / f"{path.name}.json"
                files.setdefault(name, []).append(_written(target, file.lines, file.casts))
            with self._over(files, Path(folder)) as engine:
                yield engine

    def _rows(self, engine: DuckDBEngine, table: str, limit: int | None = None) -> list[Row]:
        kinds = self.relations[table]
        columns = ", ".join(_as_text(name, kind) for name, kind in kinds.items())
        order = ", ".join(f'found."{name}"' for name in kinds)
        query = f'select {columns} from "{table}" as found order by {order}'
        return [
            {name: differences.value(name, text, kinds) for name, text in row.items()}
            for row in engine.rows(query, limit)
        ]

    @contextmanager
    def _over(
        self, files: Mapping[str, Sequence[SilverFile]], folder: Path
    ) -> Iterator[DuckDBEngine]:
        resources = Resources(folder / "scratch", MEMORY, DISK, 1)
        with DuckDBEngine(self.contract, resources) as engine:
            engine.read({name: files.get(name, ()) for name in self.contract.read})
            for view in (*self._plan.staging, *self._plan.gold):
                engine.view(view)
            yield engine


def _written(path: Path, lines: Iterable[bytes], casts: str = "") -> SilverFile:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return SilverFile(str(path), path.stat().st_size, casts)


def _as_text(name: str, kind: str) -> str:
    quoted = f'"{name}"'
    value = f"cast({quoted} as timestamp)" if kind == "timestamp" else quoted
    return f"cast({value} as varchar) as {quoted}"
