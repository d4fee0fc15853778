"""The keys that bound files, waiting and keeping."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lakegate.contract.source.spec.parts import GIB, Section, Size


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
