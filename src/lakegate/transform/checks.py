"""What becomes in a run of the contract's checks of a gold table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lakegate.files.masking import masked
from lakegate.transform.engines.protocol import Engine
from lakegate.transform.errors import CheckError
from lakegate.transform.plan import COMPARED, FAILED, TOTAL, Checks

SAMPLE = 5


@dataclass(frozen=True)
class Outcome:
    """Whether one check of a table holds; if not, `sample` has the first offending rows.

    Values of rows are masked. A check of a whole table shows what was found and expected.
    """

    name: str
    query: str
    holds: bool
    sample: tuple[dict[str, Any], ...] = ()
    table: str = ""


def run(engine: Engine, table: str, wanted: Checks) -> tuple[dict[str, Any], list[Outcome]]:
    """`rows`, `row_hash` and `totals` of a table that was written, and what its checks came to."""
    found: dict[str, Any] = {}
    for query in wanted.summary:
        found |= engine.rows(query)[0]
    totals = {
        key.removeprefix(TOTAL): 0 if value is None else value
        for key, value in found.items()
        if key.startswith(TOTAL)
    }
    outcomes = [
        Outcome(check, query, holds=False, sample=_sample(engine, query), table=table)
        if found[FAILED + check]
        else Outcome(check, query, holds=True, table=table)
        for check, query in wanted.offenders.items()
    ]
    return {"rows": found["rows"], "row_hash": found["row_hash"], "totals": totals}, outcomes


def require(outcomes: Sequence[Outcome]) -> None:
    """Raises CheckError that names each check that does not hold, and one row that offends."""
    failed = [outcome for outcome in outcomes if not outcome.holds]
    if failed:
        causes = "; ".join(
            f"{outcome.table}: {outcome.name}"
            + (f", e.g. {outcome.sample[0]}" if outcome.sample else "")
            for outcome in failed
        )
        raise CheckError(f"checks failed: {causes}")


def _sample(engine: Engine, query: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {key: _shown(value, row.keys() == COMPARED) for key, value in row.items()}
        for row in engine.rows(query, SAMPLE)
    )


def _shown(value: Any, is_aggregate: bool) -> str:
    """Numbers of an aggregate are no row's, so they are shown as they are."""
    is_plain = value is None or (is_aggregate and isinstance(value, int | float | Decimal))
    return str(value) if is_plain else masked(str(value))
