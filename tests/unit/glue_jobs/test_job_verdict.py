"""What must hold of the counts of a run before it may publish, and how its failure reads."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lakegate.contract import load
from lakegate.transform import verdict
from lakegate.transform.errors import BalanceError, InputError, ThresholdError

RULES = load(Path(__file__).resolve().parents[3] / "config" / "pipeline.yaml")
COUNTS = {
    "read": 100,
    "used": 90,
    "deduplicated": 4,
    "nulled_city": 50,
    "malformed": 1,
    "superseded": 2,
    "unknown_user": 3,
}


def test_every_reason_counts_as_rejected_and_nothing_else() -> None:
    assert verdict.rejected(COUNTS) == 6


def test_what_adds_up_is_in_balance() -> None:
    verdict.require_balance({"users": COUNTS})


@pytest.mark.parametrize("outcome", ["read", "used", "deduplicated", "superseded"])
def test_a_line_too_many_or_too_few_is_told_with_all_counts(outcome: str) -> None:
    for change in (-1, 1):
        counts = {**COUNTS, outcome: COUNTS[outcome] + change}
        with pytest.raises(BalanceError, match=f"users: {counts['read']} lines read, but"):
            verdict.require_balance({"users": counts})


def test_a_file_without_lines_is_named() -> None:
    counts = {"users": {"read": 0}, "events": {"read": 0}}
    with pytest.raises(InputError, match=r"^users: no lines in s3://silver/a, s3://silver/b$"):
        verdict.require_lines(counts, {"users": ("s3://silver/a", "s3://silver/b"), "events": ()})


def test_a_dataset_without_files_may_be_empty() -> None:
    verdict.require_lines({"events": {"read": 0}}, {"events": ()})


def test_as_many_as_the_contract_allows_may_be_rejected() -> None:
    just = dataclasses.replace(RULES, max_rejected_ratio=0.06)
    verdict.require_threshold({"users": COUNTS}, just)
    with pytest.raises(
        ThresholdError,
        match=r"^users: 6 of 100 lines rejected, more than 5[.]00%: "
        r"malformed 1, superseded 2, unknown_user 3$",
    ):
        verdict.require_threshold(
            {"users": COUNTS}, dataclasses.replace(RULES, max_rejected_ratio=0.05)
        )
