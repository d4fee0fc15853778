"""Finds a project: a folder with a contract, the SQL of its gold tables, sample data and cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lakegate.contract.errors import ContractError, Fault
from lakegate.contract.model import Contract

CONTRACT = "pipeline.yaml"


@dataclass(frozen=True)
class Project:
    """A project whose contract has been read; folders but the first need not exist."""

    folder: Path
    path: Path
    sql: Path
    sample_data: Path
    contract: Contract

    @classmethod
    def open(cls, where: Path) -> Project:
        """The project of a folder or of a contract's path. ContractError names all faults."""
        from lakegate.contract.source import read  # noqa: PLC0415 - AWS has none of its libraries

        path = where / CONTRACT if where.is_dir() else where
        source = read.project(path)
        return cls(path.parent, path, source.sql, source.sample_data, source.contract)

    @property
    def tests(self) -> Path:
        """Folder of the cases, `<table>/<case>.yaml`."""
        return self.folder / "tests"

    def located(self, faults: str) -> str:
        """Faults of SQL, one a line; those at a key of the contract with its file and line."""
        from lakegate.contract.source import tree  # noqa: PLC0415 - as above

        root = tree.read(self.path)

        def placed(fault: str) -> str:
            where, colon, _ = fault.partition(": ")
            if not colon or not where.startswith("gold_tables."):
                return fault
            return str(Fault(self.path, root.line_of(where.split(".")), "", fault))

        return "\n".join(map(placed, faults.split("\n")))

    def marts(self) -> Iterator[Path]:
        """The files of the gold tables, in the contract's order."""
        return (self.sql / "marts" / f"{name}.sql" for name in self.contract.gold_tables)

    def samples(self) -> list[Path]:
        """The files of the sample data, hidden ones left out. ContractError for a way out."""
        from lakegate.contract.source import area  # noqa: PLC0415 - as above

        try:
            return list(area.files(self.folder, self.sample_data))
        except area.OutsideError as error:
            raise ContractError(Fault(self.path, 0, "sample_data", str(error))) from error
