"""A dataset as far as its files show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lakegate.contract import Reference
from lakegate.infer.seen.columns import Found


@dataclass
class Inferred:
    """A dataset with its columns and what is said of it."""

    name: str
    columns: list[Found]
    record_count: int
    whole: bool
    is_csv: bool = False
    malformed: int = 0
    parts: int = 1
    primary_key: tuple[str, ...] = ()
    key_remark: str = ""
    latest_by: str | None = None
    references: dict[str, Reference] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name = {found.column.name: found for found in self.columns}

    def values(self, column: str) -> tuple[Any, ...]:
        """The values of a column, one per record."""
        return self._by_name[column].values

    def kind(self, column: str) -> str:
        """The type of a column."""
        return self._by_name[column].column.type

    @cached_property
    def rows(self) -> int:
        """How many records differ; those that are alike in all columns are one."""
        columns = [found.values for found in self.columns]
        return len({tuple(map(str, row)) for row in zip(*columns, strict=True)})

    def is_full(self, column: str) -> bool:
        """Whether every record has a value, and has to have one."""
        return self._by_name[column].is_required
