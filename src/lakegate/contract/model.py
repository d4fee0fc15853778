"""The contract as frozen values; no files are read and only the standard library is used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from lakegate.contract import grammar
from lakegate.contract.grammar import KEYS, Keys

SCALAR_TYPES = ("string", "bigint", "int", "boolean", "double", "timestamp", "date", "json")
DECIMAL_TYPE = re.compile(r"decimal\(([1-9]|[12][0-9]|3[0-8]),([0-9]|[12][0-9]|3[0-8])\)")
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")

# ISO 8601 date-time with `Z`, an offset or neither. The validator and Spark both match it.
TIMESTAMP_PATTERN = (
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
    r"(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?"
)

Casts = Literal["strict", "lenient"]
Engine = Literal["spark", "duckdb", "auto"]
Default = str | bool | int | float | None


@dataclass(frozen=True)
class Column:
    """One column of a dataset or of a gold table.

    `default` stands for null, `allowed` lists the only values of strings and integers, `source` is
    the path of the value in a line (empty: the name), `epoch` the unit of a number that is a time.
    """

    name: str
    type: str
    description: str = ""
    required: bool = False
    default: Default = None
    allowed: tuple[str | int, ...] = ()
    source: tuple[str, ...] = ()
    epoch: Literal["s", "ms", "us", "ns"] | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Where the value stands in a line, from the outermost key inwards."""
        return self.source or (self.name,)

    @property
    def decimal(self) -> tuple[int, int] | None:
        """(precision, scale) of a decimal column."""
        match = DECIMAL_TYPE.fullmatch(self.type)
        return (int(match[1]), int(match[2])) if match else None


@dataclass(frozen=True)
class Reference:
    """The dataset in whose one-column key a value must be found, and what an unknown one means."""

    dataset: str
    unknown: Literal["reject", "keep"] = "reject"


@dataclass(frozen=True)
class Dataset:
    """What a valid file and a valid row of one dataset are.

    Lines with the same `primary_key` replace each other, the one with the largest `latest_by`
    counts; without a key no line does. `casts` and `max_rejected_ratio` are resolved.
    """

    columns: tuple[Column, ...]
    description: str = ""
    primary_key: tuple[str, ...] = ()
    latest_by: str | None = None
    references: dict[str, Reference] = field(default_factory=dict)
    casts: Casts = "strict"
    max_rejected_ratio: float = 0.01
    may_be_empty: bool = False

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


BATCH = Column("batch_id", "string", "Batch the row was computed from")


@dataclass(frozen=True)
class GoldTable:
    """A published table; `grain` is its unique key, `partitions` come from the path.

    `sql` is the text of its mart, `reads` the datasets it is computed from, also through views and
    other tables, `needs` the relations its SQL names. `totals` are aggregates for the report.
    Before the table may be published, no row may contradict one of `row_checks`, which are
    conditions, and all rows together must pass `checks`.
    """

    description: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    reads: tuple[str, ...] = ()
    partitions: tuple[Column, ...] = (BATCH,)
    totals: dict[str, str] = field(default_factory=dict)
    row_checks: dict[str, str] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    sql: str = ""


@dataclass(frozen=True)
class Limits:
    """Bounds on files, in bytes unless said otherwise.

    `max_full_bytes` is for `validation: full`: what a call of the validator can read in its time.
    `max_convert_bytes` is what may come out of a file that has to be converted.
    """

    min_bytes: int = 1
    max_bytes: int = 5 * 2**30
    max_full_bytes: int = 2 * 2**30
    max_convert_bytes: int = 2**30
    window_bytes: int = 2**16
    max_line_bytes: int = 2**20
    max_depth: int = 64
    max_files_per_batch: int = 10_000


@dataclass(frozen=True)
class Gate:
    """When a batch is complete, and how long anything may take."""

    required: tuple[str, ...]
    deadline_minutes: int = 60
    max_attempts: int = 3
    claim_stale_seconds: int = 180


@dataclass(frozen=True)
class Gold:
    """How long superseded runs are kept."""

    grace_hours: float = 24


@dataclass(frozen=True, kw_only=True)
class Contract:
    """All that a project's `pipeline.yaml` and SQL say, with every default filled in."""

    version: int = 2
    project: str
    engine: Engine = "spark"
    auto_max_bytes: int = 2**30
    casts: Casts = "strict"
    max_rejected_ratio: float = 0.01
    validation: Literal["sampled", "full"] = "sampled"
    limits: Limits = Limits()
    gate: Gate
    gold: Gold = Gold()
    datasets: dict[str, Dataset]
    gold_tables: dict[str, GoldTable]
    staging: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> Keys:
        """The grammar of bronze keys, the same for every project."""
        return KEYS

    @cached_property
    def read(self) -> tuple[str, ...]:
        """The datasets that a run reads, in their order; all others are landed and checked only.

        They are those that a gold table reads and those that these refer to, directly or not.
        """
        wanted = {name for table in self.gold_tables.values() for name in table.reads}
        while new := self._referred_by(wanted) - wanted:
            wanted |= new
        return tuple(name for name in self.datasets if name in wanted)

    def _referred_by(self, names: set[str]) -> set[str]:
        return {to.dataset for name in names for to in self.datasets[name].references.values()}

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
        """Matches a valid bronze key of data; groups batch, dataset, part and suffix."""
        return grammar.key_pattern(self.datasets)
