"""Which engine runs a revision, and when the other one has to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from lakegate.ledger.records import Claim, Ended, Engine, EngineBy, Input

if TYPE_CHECKING:
    from lakegate.contract import Contract

# The kinds of error that a run reports (`error_kind`) when what it had was not enough.
OUT_OF_MEMORY, OUT_OF_DISK, OUT_OF_TIME = "out_of_memory", "out_of_disk", "out_of_time"
# A function that is killed leaves no word; what kills it is nearly always one of these three.
TOO_SMALL = frozenset({OUT_OF_MEMORY, OUT_OF_DISK, OUT_OF_TIME})
VANISHED = "VANISHED"


def choose(
    contract: Contract, inputs: Sequence[Input], there: Collection[Engine]
) -> tuple[Engine, EngineBy]:
    """The engine of a new claim, of those that are there, and whose word that is.

    `auto` takes DuckDB up to `auto_max_bytes` in silver. Where DuckDB is not deployed, it is Spark.
    """
    if contract.engine != "auto":
        return contract.engine, "contract"
    small = sum(item.size for item in inputs) <= contract.auto_max_bytes
    return ("duckdb" if small and "duckdb" in there else "spark"), "auto"


def rechoose(
    contract: Contract, claim: Claim, asked: Engine | None, there: Collection[Engine]
) -> tuple[Engine, EngineBy]:
    """The engine of a replay: the one that is asked for, else as for a new claim.

    What has been too large for DuckDB once stays Spark's.
    """
    if asked is not None:
        return asked, "operator"
    if claim.engine_by == "escalation":
        return claim.engine, claim.engine_by
    return choose(contract, claim.inputs, there)


def escalates(claim: Claim, ended: Ended) -> bool:
    """Whether the next attempt is Spark's: `auto` chose DuckDB, and it was too small.

    Once only: an attempt of Spark does not escalate.
    """
    too_small = ended.state == VANISHED or ended.reason in TOO_SMALL
    return claim.engine == "duckdb" and claim.engine_by == "auto" and too_small
