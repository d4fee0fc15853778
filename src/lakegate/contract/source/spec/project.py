"""The outermost keys of a contract."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from lakegate.contract.model import Casts, Engine
from lakegate.contract.source.spec.bounds import GateSpec, GoldSpec, LimitsSpec
from lakegate.contract.source.spec.dataset import DatasetSpec
from lakegate.contract.source.spec.parts import GIB, NAME, Section
from lakegate.contract.source.spec.table import GoldTableSpec

NEEDED = ("version", "project", "datasets", "gold_tables")


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
