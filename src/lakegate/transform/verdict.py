"""Whether what was computed may be published: lines, balance and threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lakegate.contract import Contract
from lakegate.contract.wording import some
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.errors import BalanceError, InputError, ThresholdError

Outcomes = Mapping[str, Mapping[str, int]]
NOT_REASONS = frozenset({"read", "used", "deduplicated"})
BESIDE = ("nulled_", "rounded_")  # of lines that are used all the same


def reasons(counts: Mapping[str, int]) -> dict[str, int]:
    """Reason to number of lines of a dataset that were rejected for it."""
    return {
        outcome: count
        for outcome, count in counts.items()
        if outcome not in NOT_REASONS and not outcome.startswith(BESIDE)
    }


def rejected(counts: Mapping[str, int]) -> int:
    """How many lines of a dataset were rejected, for whatever reason."""
    return sum(reasons(counts).values())


def require_lines(
    outcomes: Outcomes, inputs: Mapping[str, Sequence[SilverFile]], contract: Contract
) -> None:
    """Raises InputError for a dataset that has files and no lines, unless it may be empty."""
    for dataset, files in inputs.items():
        may_be_empty = contract.datasets[dataset].may_be_empty
        if files and not outcomes[dataset]["read"] and not may_be_empty:
            raise InputError(f"{dataset}: no lines in {', '.join(file.uri for file in files)}")


def require_balance(outcomes: Outcomes) -> None:
    """Raises BalanceError unless read = used + rejected + deduplicated in every dataset."""
    for dataset, counts in outcomes.items():
        read, parts = (
            counts["read"],
            (counts["used"], rejected(counts), counts.get("deduplicated", 0)),
        )
        if read != sum(parts):
            raise BalanceError(
                f"{dataset}: {read} {some(read, 'line')} read, but {parts[0]} used, "
                f"{parts[1]} rejected and {parts[2]} deduplicated"
            )


def require_threshold(outcomes: Outcomes, contract: Contract) -> None:
    """Raises ThresholdError where faulty lines exceed the dataset's `max_rejected_ratio`.

    A line that a later one of its key replaces is no faulty one.
    """
    for dataset, counts in outcomes.items():
        faults = {why: count for why, count in reasons(counts).items() if why != "superseded"}
        most = contract.datasets[dataset].max_rejected_ratio
        if sum(faults.values()) > most * counts["read"]:
            read = counts["read"]
            told = ", ".join(f"{why} {count}" for why, count in sorted(faults.items()))
            raise ThresholdError(
                f"{dataset}: {sum(faults.values())} of {read} {some(read, 'line')} rejected, "
                f"more than {most:.2%}: {told}"
            )
