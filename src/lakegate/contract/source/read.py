"""Reads a project: YAML and SQL into the contract, or all that is wrong with them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lakegate.contract.errors import ContractError, ContractWarning, Fault
from lakegate.contract.model import Contract
from lakegate.contract.source import area, first_version, relations, resolve, rules, structure, tree
from lakegate.contract.source.queries import Needs, Queries, Reader
from lakegate.contract.source.spec import ProjectSpec
from lakegate.contract.source.structure import Where


class Source(NamedTuple):
    """What a project's file says: the contract and two folders."""

    contract: Contract
    sql: Path
    sample_data: Path


def project(path: Path) -> Source:
    """The project of a contract's path. ContractError names all faults; version 1 warns."""
    root = tree.read(path)
    if root.value.get("version") == 1:
        warnings.warn(f"{path} {first_version.ADVICE}", ContractWarning, stacklevel=2)
    return _Project(path, root).read()


@dataclass
class _Project:
    path: Path
    root: tree.Node
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> Source:
        data: dict[str, Any] = self.root.value
        old = data.get("version") == 1
        data = first_version.upgraded(data, self.path.parent) if old else data
        spec, found = structure.check(data)
        found += rules.check(spec, data) if spec else ()
        for where, text in found:
            self._fault(where, text)
        if spec is None or not data.get("datasets"):
            raise self._error()
        sql, samples = (self._folder(key, getattr(spec, key)) for key in ("sql", "sample_data"))
        reader = Reader(
            self.path.parent,
            sql,
            rules.names(data.get("datasets")),
            rules.names(data.get("gold_tables")),
            passes_over=old,
        )
        if old and not sql.is_dir():
            if self.faults:
                raise self._error()
            queries = first_version.queries(self.root.value, reader.datasets)
        else:
            queries = reader.read(self._expected(spec, reader))
            self._marts(queries, reader)
        self.faults.extend(reader.faults)
        if self.faults:
            raise self._error()
        return Source(resolve.contract(spec, queries), sql, samples)

    def _folder(self, key: str, value: str) -> Path:
        try:
            return area.folder(self.path.parent, value)
        except area.OutsideError as error:
            self._fault((key,), str(error))
            return self.path.parent / key

    def _expected(self, spec: ProjectSpec, reader: Reader) -> Needs:
        """The relations that the checks of each table read; its expressions are looked at too."""
        found: Needs = {}
        for name, table in spec.gold_tables.items():
            at: Where = ("gold_tables", name)
            for group in ("totals", "row_checks"):
                for key, text in getattr(table, group).items():
                    self._expression((*at, group, key), text)
            named: list[str] = []
            for key, check in table.checks.items():
                self._expression((*at, "checks", key, "found"), check.found)
                where = (*at, "checks", key, "expected")
                names = reader.named(check.expected, self.path, *self._key(where))
                named.extend(names)
            found[name] = tuple(named)
        return found

    def _expression(self, where: Where, text: str) -> None:
        try:
            relations.is_expression(text)
        except relations.SqlError as error:
            self._fault(where, str(error))

    def _marts(self, queries: Queries, reader: Reader) -> None:
        """That each table has a mart which reads a dataset, and that checks read what is there."""
        for name in reader.tables:
            at: Where = ("gold_tables", name)
            if name not in reader.paths:
                self._fault(at, f"has no mart: there is no {reader.sql / 'marts' / name}.sql")
            elif not (queries.behind([name]) or reader.is_faulty(name)):
                reader.faults.append(Fault(reader.paths[name], 0, "", "reads no dataset"))
            for said in reader.unknown(queries.expected.get(name, ())):
                self._fault((*at, "checks"), said)

    def _error(self) -> ContractError:
        """All faults, those of the contract first, from its top to its end."""
        first = sorted(self.faults, key=lambda fault: (fault.path != self.path, fault.line))
        return ContractError(*dict.fromkeys(first))

    def _fault(self, where: Where, text: str) -> None:
        key, line = self._key(where)
        self.faults.append(Fault(self.path, line, key, text))

    def _key(self, where: Where) -> tuple[str, int]:
        where = structure.located(where, self.root.value)
        return structure.dotted(where, self.root.value), self.root.line_of(where)
