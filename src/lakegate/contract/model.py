"""The contract as frozen values; no files are read and only the standard library is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

SCALAR_TYPES = ("string", "bigint", "int", "boolean", "timestamp", "double")
DECIMAL_TYPE = re.compile(r"decimal\(([1-9]|[12][0-9]|3[0-8]),([0-9]|[12][0-9]|3[0-8])\)")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")

# ISO 8601 date-time with `Z`, an offset or neither. The validator and Spark both match it.
TIMESTAMP_PATTERN = (
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
    r"(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?"
)


@dataclass(frozen=True)
class Column:
    """One column; `default` stands for null, `allowed` lists the only values (strings)."""

    name: str
    type: str
    description: str
    required: bool = False
    default: str | bool | None = None
    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not IDENTIFIER.fullmatch(self.name):
            raise ValueError(f"column name {self.name!r}: lower case letters, digits and _ only")
        if self.type not in SCALAR_TYPES and not DECIMAL_TYPE.fullmatch(self.type):
            allowed = ", ".join((*SCALAR_TYPES, "decimal(p,s)"))
            raise ValueError(f"column {self.name}: type {self.type!r} is not one of {allowed}")
        if self.allowed and self.type != "string":
            raise ValueError(f"column {self.name}: only string columns have allowed values")
        if self.required and self.default is not None:
            raise ValueError(f"column {self.name}: a required column has no default")

    @property
    def decimal(self) -> tuple[int, int] | None:
        """(precision, scale) of a decimal column."""
        match = DECIMAL_TYPE.fullmatch(self.type)
        return (int(match[1]), int(match[2])) if match else None


@dataclass(frozen=True)
class Dataset:
    """What a valid file and a valid row of one dataset are."""

    description: str
    primary_key: str
    latest_by: str
    columns: tuple[Column, ...]
    references: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ValueError("a column name stands twice")
        for role in (self.primary_key, self.latest_by):
            if role not in names or not self.column(role).required:
                raise ValueError(f"{role!r} is not a required column of the dataset")
        if self.column(self.latest_by).type != "timestamp":
            raise ValueError(f"latest_by: {self.latest_by!r} is not a timestamp")
        for name in self.references:
            if name not in names:
                raise ValueError(f"references: {name!r} is not a column of the dataset")

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[Column, ...]:
        """Columns without which a row is refused."""
        return tuple(column for column in self.columns if column.required)

    @property
    def optional(self) -> tuple[Column, ...]:
        """Columns that may be null."""
        return tuple(column for column in self.columns if not column.required)


@dataclass(frozen=True)
class Check:
    """An aggregate over the rows of a table, and the query whose one value it must equal."""

    found: str
    expected: str


@dataclass(frozen=True)
class GoldTable:
    """A published table; `grain` is its unique key, `partitions` come from the path.

    `reads` names the datasets that it is computed from; `totals` has an aggregate for each, how
    many of its lines stand in the table, and any others that a report shall tell. Before the table
    may be published, no row may contradict one of `row_checks`, which are conditions, and all rows
    together must pass `checks`.
    """

    description: str
    reads: tuple[str, ...]
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    partitions: tuple[Column, ...]
    totals: dict[str, str]
    row_checks: dict[str, str] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.reads:
            raise ValueError("reads: at least one dataset is needed")
        for name in self.row_checks.keys() & self.checks.keys():
            raise ValueError(f"checks: {name!r} is the name of one of row_checks as well")


@dataclass(frozen=True)
class Limits:
    """Bounds on files, in bytes unless said otherwise.

    `max_full_bytes` is for `validation: full`: what a call of the validator can read in its time.
    """

    min_bytes: int
    max_bytes: int
    window_bytes: int
    max_line_bytes: int
    max_depth: int
    max_files_per_batch: int
    max_full_bytes: int = 2 * 2**30

    def __post_init__(self) -> None:
        if not 1 <= self.max_depth <= 250:
            raise ValueError("max_depth: 1 to 250; Python's own parser gives up a little above")


@dataclass(frozen=True)
class Keys:
    """The grammar of bronze keys."""

    batch_pattern: str
    part_pattern: str
    default_batch: str
    unknown_batch: str
    manifest: str


@dataclass(frozen=True)
class Gate:
    """When a batch is complete, and how long anything may take."""

    required: tuple[str, ...]
    deadline_minutes: int
    claim_stale_seconds: int
    max_attempts: int


@dataclass(frozen=True)
class Gold:
    """How long superseded runs are kept."""

    grace_hours: float


@dataclass(frozen=True)
class Contract:
    """All of `config/pipeline.yaml`."""

    version: int
    project: str
    validation: Literal["sampled", "full"]
    max_rejected_ratio: float
    limits: Limits
    keys: Keys
    gate: Gate
    gold: Gold
    datasets: dict[str, Dataset]
    gold_tables: dict[str, GoldTable]

    def __post_init__(self) -> None:
        for name in self.datasets:
            if not IDENTIFIER.fullmatch(name):
                raise ValueError(f"datasets: {name!r}: lower case letters, digits and _ only")
        known = ", ".join(self.datasets)
        if not self.gate.required:
            raise ValueError("gate.required: at least one dataset is needed")
        for where, name in self._named():
            if name not in self.datasets:
                raise ValueError(f"{where}: {name!r} is not a dataset; there are: {known}")
        for name, table in self.gold_tables.items():
            for source in set(table.reads) - table.totals.keys():
                raise ValueError(f"gold_tables.{name}.totals: {source} is missing")
        if not 0 <= self.max_rejected_ratio < 1:
            raise ValueError("max_rejected_ratio: a number from 0 to below 1 is needed")

    def _named(self) -> Iterator[tuple[str, str]]:
        """Each place that names a dataset, with the name."""
        yield from (("gate.required", name) for name in self.gate.required)
        for name, dataset in self.datasets.items():
            where = f"datasets.{name}.references"
            yield from ((where, target) for target in dataset.references.values())
        for name, table in self.gold_tables.items():
            yield from ((f"gold_tables.{name}.reads", source) for source in table.reads)

    @cached_property
    def read(self) -> tuple[str, ...]:
        """The datasets that a gold table reads; all others are landed and checked only."""
        wanted = {name for table in self.gold_tables.values() for name in table.reads}
        return tuple(name for name in self.datasets if name in wanted)

    def makes_revisions(self, dataset: str) -> bool:
        """Whether a new file of the dataset is a reason to run the job again."""
        return dataset in self.read or dataset in self.gate.required

    @property
    def max_bytes(self) -> int:
        """The size of the largest file that is accepted, in bytes."""
        limits = self.limits
        if self.validation == "full":
            return min(limits.max_bytes, limits.max_full_bytes)
        return limits.max_bytes

    @cached_property
    def key_pattern(self) -> re.Pattern[str]:
        """Matches a valid bronze key of data; groups batch, dataset, part."""
        datasets = "|".join(sorted(self.datasets))
        return re.compile(
            rf"(?:(?P<batch>{self.keys.batch_pattern})/)?"
            rf"(?P<dataset>{datasets})(?:-(?P<part>{self.keys.part_pattern}))?\.json"
        )
