"""The keys of a gold table: its columns and its checks."""

from __future__ import annotations

from pydantic import Field

from lakegate.contract.source.spec.parts import NAME, TYPE, Flag, Names, Section


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
        description="A query with one value, to which it must be equal; of numbers, null is 0.",
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
