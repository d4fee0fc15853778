"""What the function is told by its environment."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Names of buckets, job and table; the fields are the environment's keys in lower case."""

    bronze_bucket: str
    silver_bucket: str
    gold_bucket: str
    quarantine_bucket: str
    control_bucket: str
    glue_job: str
    glue_database: str
    glue_table: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Settings:
        """The settings in a mapping. Raises KeyError with the name of a missing one."""
        return cls(
            **{item.name: environment[item.name.upper()] for item in dataclasses.fields(cls)}
        )
