"""The SQL of a project: the mart of each gold table, the views between, and who reads whom."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lakegate.contract.errors import Fault
from lakegate.contract.source import area, relations, rules
from lakegate.contract.source.structure import one_of

MAX_BYTES = 2**20
STAGED = "stg_"
Needs = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Queries:
    """Texts of marts and of the views they need, these in an order in which they can be made.

    `needs` has the relations that each names, `expected` those of the checks of each table.
    """

    datasets: Sequence[str]
    marts: dict[str, str]
    staging: dict[str, str]
    needs: Needs
    expected: Needs

    def behind(self, names: Iterable[str]) -> tuple[str, ...]:
        """The datasets behind relations, through views and other tables."""
        pending = list(dict.fromkeys(names))
        for name in pending:
            pending.extend(new for new in self.needs.get(name, ()) if new not in pending)
        return tuple(name for name in self.datasets if f"{STAGED}{name}" in pending)


@dataclass
class Reader:
    """Reads the queries of a project; what is wrong with them is collected in `faults`."""

    project: Path
    sql: Path
    datasets: Sequence[str]
    tables: Sequence[str]
    faults: list[Fault] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)

    def read(self, expected: Needs) -> Queries:
        """The queries; of no use when there are faults."""
        texts = dict(self._texts())
        needs = {name: self.named(text, self.paths[name]) for name, text in texts.items()}
        reached = [name for name in self.tables if name in texts]
        for name in reached:
            reached.extend(new for new in needs[name] if new in texts and new not in reached)
            self._check(name, needs[name])
        order = self._ordered({name: needs[name] for name in reached})
        return Queries(
            datasets=self.datasets,
            marts={name: texts[name] for name in order if name in self.tables},
            staging={name: texts[name] for name in order if name not in self.tables},
            needs={name: needs[name] for name in order},
            expected=expected,
        )

    def named(self, sql: str, path: Path, key: str = "", line: int = 0) -> tuple[str, ...]:
        """The relations that a query names."""
        try:
            return relations.named(sql)
        except relations.SqlError as error:
            self.faults.append(Fault(path, line or error.line, key, str(error)))
            return ()

    def is_faulty(self, name: str) -> bool:
        """Whether something is wrong with the query of that name."""
        return any(fault.path == self.paths[name] for fault in self.faults)

    def unknown(self, names: Iterable[str]) -> Iterator[str]:
        """A sentence for each name that is no relation."""
        staged = (f"{STAGED}{name}" for name in self.datasets)
        known = dict.fromkeys((*staged, *self.paths, *self.tables))
        for name in names:
            if name not in known:
                yield f"reads {name}, which is not there; there are: {one_of(name, known)}"

    def _texts(self) -> Iterator[tuple[str, str]]:
        """Name and text of each relation that has a file."""
        generated = rules.generated(self.datasets)
        for path in (*self._files("staging"), *self._files("marts")):
            name = path.stem
            if name in generated:
                self._fault(path, "has the name of a generated view; choose another")
            elif path.parent.name == "marts" and name not in self.tables:
                self._fault(
                    path, f"is the mart of no gold table; there are: {one_of(name, self.tables)}"
                )
            elif name in self.paths:
                self._fault(path, f"has the name of {self.paths[name]}")
            else:
                self.paths[name] = path
                yield name, self._text(path)

    def _files(self, name: str) -> list[Path]:
        try:
            found = area.files(self.project, self.sql / name)
            return [path for path in found if path.suffix == ".sql"]
        except area.OutsideError as error:
            self._fault(self.sql / name, str(error))
            return []

    def _text(self, path: Path) -> str:
        try:
            data = path.read_bytes()
            if len(data) <= MAX_BYTES:
                return data.decode("utf-8-sig")
            self._fault(path, f"is larger than {MAX_BYTES:,} bytes")
        except UnicodeDecodeError:
            self._fault(path, "cannot be read: it is not UTF-8")
        except OSError as error:
            self._fault(path, f"cannot be read: {error.strerror}")
        return "select 1"

    def _check(self, name: str, needs: Sequence[str]) -> None:
        for said in self.unknown(needs):
            self._fault(self.paths[name], said)
        if name not in self.tables:
            for table in sorted(set(needs) & set(self.tables)):
                said = f"is a staging view and reads the gold table {table}; let a mart do that"
                self._fault(self.paths[name], said)

    def _ordered(self, needs: Mapping[str, Sequence[str]]) -> list[str]:
        graph = {name: [one for one in names if one in needs] for name, names in needs.items()}
        try:
            return list(graphlib.TopologicalSorter(graph).static_order())
        except graphlib.CycleError as error:
            circle = error.args[1][::-1]
            said = f"reads itself in a circle: {' → '.join(circle)}"
            self._fault(self.paths[circle[0]], said)
            return list(needs)

    def _fault(self, path: Path, text: str) -> None:
        self.faults.append(Fault(path, 0, "", text))
