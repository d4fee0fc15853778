"""Every key of `pipeline.yaml`: its type, its default and what it means.

The one place where this stands: loading, `docs/pipeline.schema.json` and `docs/contract.md` are
made from it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

from lakegate.contract.model import SCALAR_TYPES, Casts, Engine

GIB = 2**30
NEEDED = ("version", "project", "datasets", "gold_tables")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _path(value: Any) -> Any:
    return value.split(".") if isinstance(value, str) else value


def _reference(value: Any) -> Any:
    return {"dataset": value} if isinstance(value, str) else value


NAME = "^[a-z][a-z0-9_]{0,62}$"
TYPE: dict[str, Any] = {
    "anyOf": [
        {"enum": list(SCALAR_TYPES)},
        {"pattern": "^decimal\\([1-9][0-9]?,[0-9][0-9]?\\)$"},
    ]
}
Flag = Annotated[bool, Strict(False)]  # `yes` and `no` of older YAML count as well
Names = Annotated[list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Path = Annotated[list[str], BeforeValidator(_path, json_schema_input_type=str | list[str])]
Size = Annotated[int, Field(ge=1, le=5 * GIB)]  # S3 copies at most 5 GiB in one request


class Section(BaseModel):
    """A mapping whose keys are these and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ColumnSpec(Section):
    """A column of a dataset."""

    name: str = Field(
        description="Name in SQL: lower case letters, digits and `_`, beginning with a letter; SQL "
        "keywords are fine.",
        examples=["dep_delay"],
        json_schema_extra={"pattern": NAME},
    )
    type: str = Field(
        description="`string`, `bigint`, `int`, `boolean`, `double`, `decimal(p,s)`, `timestamp`, "
        "`date` or `json`.",
        examples=["decimal(12,2)"],
        json_schema_extra=TYPE,
    )
    description: str = Field(
        default="", description="What it means; becomes the comment in the catalog."
    )
    required: Flag = Field(
        default=False,
        description="A line without a right value is rejected, as `missing_<column>` or "
        "`bad_<column>`. Columns of the primary key are required in any case.",
        examples=[True],
    )
    default: Any = Field(
        default=None,
        description="Stands for null, also where a wrong value of an optional column became null.",
        examples=["unknown"],
        json_schema_extra={"type": ["string", "number", "boolean", "null"]},
    )
    allowed: list[Any] | None = Field(
        default=None,
        description="The only right values of a string or an integer.",
        examples=[["web", "ios", "android"]],
        json_schema_extra={
            "anyOf": [
                {"type": "array", "items": {"type": ["string", "integer"]}},
                {"type": "null"},
            ]
        },
    )
    source: Path | None = Field(
        default=None,
        description="Where the value stands in a line, if not under the column's name: a dotted "
        "path into nested objects, a list where a key has a dot, or another spelling.",
        examples=["actor.login"],
    )
    epoch: Literal["s", "ms", "us", "ns"] | None = Field(
        default=None,
        description="Unit of a number that is a timestamp or date, for lenient casts; without it "
        "the size of the number tells.",
        examples=["ms"],
    )


class ReferenceSpec(Section):
    """Where the values of a column have to be found."""

    dataset: str = Field(
        description="The dataset whose primary key, of one column, has the values.",
        examples=["planes"],
    )
    unknown: Literal["reject", "keep"] = Field(
        default="reject",
        description="Whether a line whose value is not found is rejected as `unknown_<column>`, "
        "or kept. Null passes.",
        examples=["keep"],
    )


ReferenceValue = Annotated[
    ReferenceSpec, BeforeValidator(_reference, json_schema_input_type=str | ReferenceSpec)
]


class DatasetSpec(Section):
    """What a right file and a right line of a dataset are."""

    description: str = Field(default="", description="What a line of it is.")
    primary_key: Names = Field(
        default_factory=list,
        description="The column, or the columns, that identify a line: of lines with one key one "
        "counts. Left out, no line replaces another.",
        examples=[["time_hour", "carrier", "flight"]],
    )
    latest_by: str | None = Field(
        default=None,
        description="Which of the lines with one key counts: that with the largest value of this "
        "column, null being smallest. On a tie, or left out, the larger line counts, column by "
        "column.",
        examples=["updated_at"],
    )
    references: dict[str, ReferenceValue] = Field(
        default_factory=dict,
        description="By column, the dataset in whose primary key its values have to be found.",
        examples=[{"carrier": "airlines", "tailnum": {"dataset": "planes", "unknown": "keep"}}],
    )
    casts: Casts | None = Field(
        default=None,
        description="As the contract's own `casts`, for this dataset.",
        examples=["lenient"],
    )
    max_rejected_ratio: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="As the contract's own, for this dataset.",
        examples=[0.05],
    )
    may_be_empty: Flag = Field(
        default=False,
        description="Whether an empty file arrives as no lines; otherwise it is refused.",
        examples=[True],
    )
    columns: list[ColumnSpec] = Field(
        min_length=1,
        description="The columns; what else stands in a line is kept in silver and not read.",
    )


class GoldColumnSpec(Section):
    """A column of a gold table."""

    name: str = Field(
        description="Name in the table.",
        examples=["flight_count"],
        json_schema_extra={"pattern": NAME},
    )
    type: str = Field(
        description="As the type of a dataset's column.",
        examples=["bigint"],
        json_schema_extra=TYPE,
    )
    description: str = Field(
        default="", description="What it means; becomes the comment in the catalog."
    )
    required: Flag = Field(
        default=False, description="A null in it stops the publication.", examples=[True]
    )


class CheckSpec(Section):
    """What all rows of a table together must fulfil."""

    found: str = Field(
        description="An aggregate over the rows of the table.", examples=["sum(flight_count)"]
    )
    expected: str = Field(
        description="A query with one value, to which it must be equal; null is 0.",
        examples=["select count(*) from stg_flights"],
    )


class GoldTableSpec(Section):
    """A published table, computed by `<sql>/marts/<table>.sql`."""

    description: str = Field(default="", description="What a row of it is.")
    grain: Names = Field(
        min_length=1,
        description="The columns that are unique together; checked before publication.",
        examples=[["carrier"]],
    )
    columns: list[GoldColumnSpec] = Field(
        default_factory=list,
        description="The columns in the order of the SQL. Left out, they are found by running it "
        "on empty relations.",
    )
    totals: dict[str, str] = Field(
        default_factory=dict,
        description="Aggregates over the rows of the table that the report of a run tells.",
        examples=[{"flights": "sum(flight_count)"}],
    )
    row_checks: dict[str, str] = Field(
        default_factory=dict,
        description="Conditions that no row may contradict; null contradicts nothing.",
        examples=[{"nothing_is_negative": "flight_count >= 0"}],
    )
    checks: dict[str, CheckSpec] = Field(
        default_factory=dict, description="Conditions on all rows together."
    )


class LimitsSpec(Section):
    """Bounds on files, in bytes unless said otherwise."""

    min_bytes: Size = Field(default=1, description="A smaller file is refused.")
    max_bytes: Size = Field(
        default=5 * GIB, description="A larger file is refused; S3 copies at most 5 GiB at once."
    )
    max_full_bytes: Size = Field(
        default=2 * GIB,
        description="The same, with `validation: full`: what a call can read in its time.",
    )
    max_convert_bytes: Size = Field(
        default=GIB,
        description="The most that may come out of a file that has to be converted: gzip, CSV, an "
        "array, UTF-16.",
    )
    window_bytes: Annotated[int, Field(ge=1, le=2**26)] = Field(
        default=2**16, description="What a sampled validation reads at each end of a file."
    )
    max_line_bytes: Annotated[int, Field(ge=1, le=2**26)] = Field(
        default=2**20, description="A longer line is a fault."
    )
    max_depth: Annotated[int, Field(ge=1, le=250)] = Field(
        default=64,
        description="Deeper nesting is a fault; Python's own parser gives up a little above 250.",
    )
    max_files_per_batch: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=10_000, description="The most files that a manifest may name."
    )


class GateSpec(Section):
    """When a batch is complete, and how long anything may take."""

    required: list[str] | None = Field(
        default=None,
        min_length=1,
        description="The datasets for which a batch waits. Left out: all that a gold table reads, "
        "and all that these refer to.",
        examples=[["flights", "airlines"]],
    )
    deadline_minutes: Annotated[int, Field(ge=1, le=525_600)] = Field(
        default=60, description="After it an incomplete batch raises an alarm."
    )
    max_attempts: Annotated[int, Field(ge=1, le=100)] = Field(
        default=3, description="How often a revision is tried."
    )
    claim_stale_seconds: Annotated[int, Field(ge=1, le=86_400)] = Field(
        default=180, description="When another may take over; longer than a function's timeout."
    )


class GoldSpec(Section):
    """How gold is kept."""

    grace_hours: float = Field(
        default=24, ge=0, le=87_600, description="How long superseded runs stay readable."
    )


class ProjectSpec(Section):
    """A project: its datasets, what must hold for them, and the tables made of them."""

    model_config = ConfigDict(json_schema_extra={"required": list(NEEDED)})

    version: Literal[2] = Field(default=2, description="Version of this format.", examples=[2])
    project: str = Field(
        default="",
        pattern="^[a-z][a-z0-9-]{0,20}$",
        description="Short name, which all names of buckets, functions and tables begin with.",
        examples=["flights"],
    )
    sql: str = Field(
        default="sql",
        description="Folder of `marts/<table>.sql` and `staging/<view>.sql`. A path, relative to "
        "this file; it leaves the project's folder only within one git checkout.",
        examples=["../src/sql"],
    )
    sample_data: str = Field(
        default="sample_data",
        description="Folder of files that `make up` uploads. A path as `sql` is.",
        examples=["../data"],
    )
    engine: Engine = Field(
        default="spark",
        description="What computes a batch: Glue, one Lambda function, or that by the size of the "
        "batch.",
        examples=["auto"],
    )
    auto_max_bytes: Annotated[int, Field(ge=0)] = Field(
        default=GIB,
        description="With `engine: auto`, batches up to this size in silver go to DuckDB.",
    )
    casts: Casts = Field(
        default="strict",
        description="Whether values must have their column's type in JSON, or may be written in "
        "other usual ways. What comes as CSV is read leniently in any case.",
        examples=["lenient"],
    )
    max_rejected_ratio: float = Field(
        default=0.01,
        ge=0,
        lt=1,
        description="Share of bad lines of a dataset above which a file or a run is refused.",
    )
    validation: Literal["sampled", "full"] = Field(
        default="sampled",
        description="Whether the validator reads both ends of a large file, or every line.",
        examples=["full"],
    )
    limits: LimitsSpec = Field(default=LimitsSpec(), description="Bounds on files.")
    gate: GateSpec = Field(default=GateSpec(), description="When a batch is complete.")
    gold: GoldSpec = Field(
        default=GoldSpec(), description="How long runs that were replaced are kept."
    )
    datasets: dict[str, DatasetSpec] = Field(
        default_factory=dict,
        description="What is delivered, by name: lower case letters, digits and `_`.",
        json_schema_extra={"propertyNames": {"pattern": NAME}, "minProperties": 1},
    )
    gold_tables: dict[str, GoldTableSpec] = Field(
        default_factory=dict,
        description="What is published, by name: lower case letters, digits and `_`.",
        json_schema_extra={"propertyNames": {"pattern": NAME}, "minProperties": 1},
    )
