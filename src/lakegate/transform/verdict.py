"""Whether what was computed may be published: balance, threshold and the contract's checks."""

from __future__ import annotations

from collections.abc import Mapping

from lakegate.contract import Contract
from lakegate.transform.errors import BalanceError, InputError, ThresholdError

Outcomes = Mapping[str, Mapping[str, int]]


def rejected(counts: Mapping[str, int]) -> int:
    """How many lines of a dataset were rejected, for whatever reason."""
    return sum(
        count
        for outcome, count in counts.items()
        if outcome not in ("read", "used", "deduplicated") and not outcome.startswith("nulled_")
    )


def require_lines(outcomes: Outcomes, inputs: Mapping[str, tuple[str, ...]]) -> None:
    """Raises InputError for a dataset that has files and no lines."""
    for dataset, uris in inputs.items():
        if uris and not outcomes[dataset]["read"]:
            raise InputError(f"{dataset}: no lines in {', '.join(uris)}")


def require_balance(outcomes: Outcomes) -> None:
    """Raises BalanceError unless read = used + rejected + deduplicated in every dataset."""
    for dataset, counts in outcomes.items():
        parts = counts["used"], rejected(counts), counts.get("deduplicated", 0)
        if counts["read"] != sum(parts):
            raise BalanceError(
                f"{dataset}: {counts['read']} lines read, but {parts[0]} used, "
                f"{parts[1]} rejected and {parts[2]} deduplicated"
            )


def require_threshold(outcomes: Outcomes, contract: Contract) -> None:
    """Raises ThresholdError where the rejected share exceeds `max_rejected_ratio`."""
    for dataset, counts in outcomes.items():
        bad = rejected(counts)
        if bad > contract.max_rejected_ratio * counts["read"]:
            reasons = ", ".join(
                f"{outcome} {count}"
                for outcome, count in sorted(counts.items())
                if rejected({outcome: count})
            )
            raise ThresholdError(
                f"{dataset}: {bad} of {counts['read']} lines rejected, "
                f"more than {contract.max_rejected_ratio:.2%}: {reasons}"
            )
