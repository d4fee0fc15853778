"""What must hold of the counts of a run before it may publish, and how its failure reads."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from lakegate.contract import Contract, load
from lakegate.transform import verdict
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import BalanceError, InputError, ThresholdError

RULES = load(Path(__file__).resolve().parents[3] / "config" / "pipeline.yaml")
COUNTS = {
    "read": 100,
    "used": 90,
    "deduplicated": 4,
    "nulled_city": 50,
    "rounded_amount": 7,
    "malformed": 1,
    "superseded": 2,
    "unknown_user_id": 3,
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
    files = {"users": (SilverFile("s3://silver/a"), SilverFile("s3://silver/b")), "events": ()}
    with pytest.raises(InputError, match=r"^users: no lines in s3://silver/a, s3://silver/b$"):
        verdict.require_lines(counts, files, RULES)


def test_a_dataset_without_files_may_be_empty() -> None:
    verdict.require_lines({"events": {"read": 0}}, {"events": ()}, RULES)


def test_a_file_without_lines_is_no_rows_where_the_contract_says_so() -> None:
    files = {"users": (SilverFile("s3://silver/a"),)}
    verdict.require_lines({"users": {"read": 0}}, files, changed(may_be_empty=True))


def test_a_dataset_has_a_ratio_of_its_own() -> None:
    faults = {**COUNTS, "unknown_user_id": 4, "superseded": 1}  # five faults in a hundred lines
    verdict.require_threshold({"users": faults}, changed(max_rejected_ratio=0.05))
    with pytest.raises(
        ThresholdError,
        match=r"^users: 5 of 100 lines rejected, more than 4[.]00%: "
        r"malformed 1, unknown_user_id 4$",
    ):
        verdict.require_threshold({"users": faults}, changed(max_rejected_ratio=0.04))


def test_corrections_are_no_faults() -> None:
    counts = {"read": 100, "used": 1, "deduplicated": 0, "superseded": 99}
    verdict.require_threshold({"users": counts}, changed(max_rejected_ratio=0))


def changed(**keys: Any) -> Contract:
    """The project's contract with other keys of users."""
    users = dataclasses.replace(RULES.datasets["users"], **keys)
    return dataclasses.replace(RULES, datasets={**RULES.datasets, "users": users})
