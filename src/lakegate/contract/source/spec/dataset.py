"""The keys of a dataset: its columns, its key, its references."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lakegate.contract.model import Casts
from lakegate.contract.source.spec.parts import NAME, TYPE, Flag, Names, Path, Section


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


def _reference(value: Any) -> Any:
    return {"dataset": value} if isinstance(value, str) else value


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
