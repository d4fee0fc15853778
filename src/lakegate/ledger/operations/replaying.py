"""Running the present files of a batch again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lakegate.aws import codec
from lakegate.aws.errors import ContentionError, OperationRefusedError
from lakegate.aws.store import Store
from lakegate.ledger import arrivals, claims, gate, keys, publication
from lakegate.ledger.engines.choice import rechoose
from lakegate.ledger.records import Audit, Claim, Engine, Force

if TYPE_CHECKING:
    from lakegate.contract import Contract

TURNS = 20
SPARK: tuple[Engine, ...] = ("spark",)


@dataclass(frozen=True)
class Replayed:
    """The claim as it stands, and whether the same replay was under way already."""

    claim: Claim
    already: bool = False


def replay(  # noqa: PLR0913 - what to run again, by which engine, on whose word
    store: Store,
    batch: str,
    contract: Contract,
    audit: Audit,
    *,
    engine: Engine | None = None,
    engines: Collection[Engine] = SPARK,
    of: int | None = None,
) -> Replayed:
    """Run the present revision of a batch again, with fresh attempts and a higher order.

    The claim becomes `pending`; the next reconciler call starts it. Readers see the old run until
    the new run publishes. A replay that has not come to its end is not asked for twice. `of` is the
    attempt that is to be repeated: where it was replayed before, nothing is done. `engines` are
    those that are deployed. Raises OperationRefusedError where there is nothing to run again, or
    another attempt by now.
    """
    if engine is not None and engine not in engines:
        raise OperationRefusedError(f"{batch}: engine {engine} is not deployed here")
    for turn in range(TURNS):
        decision = _decision(store, batch, contract.gate.required)
        stored = claims.read(store, batch, decision.revision)
        if stored is None:
            raise OperationRefusedError(f"{batch}: the present revision has not been started yet")
        claim = stored.record
        if _under_way(store, claim, engine) or _was_replayed(claim, of):
            return Replayed(claim, already=True)
        if of is not None and claim.attempt != of:
            raise OperationRefusedError(f"{batch}: attempt {of} is over; now it is {claim.attempt}")
        touched = arrivals.touch(store, batch)
        asked = replace(audit, about=str(claim.attempt))
        attempts = contract.gate.max_attempts
        now = codec.moment(audit.at)
        fresh = claims.reopened(claim, touched.generation, attempts, "", now, asked)
        chosen, by = rechoose(contract, claim, engine, engines)
        pending = replace(fresh, state="pending", engine=chosen, engine_by=by)
        changed = claims.change(store, stored, pending)
        if changed is not None:
            return Replayed(changed.record)
        store.pause(turn)
    raise ContentionError(f"claim of {batch}")


def _decision(store: Store, batch: str, required: tuple[str, ...]) -> gate.Decision:
    index = arrivals.load(store, batch)
    if index is None:
        raise OperationRefusedError(f"{batch}: nothing has arrived")
    decision = gate.decide(required, index.record)
    if not decision.complete:
        ordered = store.read(Force, keys.force(batch))
        if ordered is not None:
            decision = gate.decide(required, index.record, ordered.record)
    if not decision.complete:
        raise OperationRefusedError(f"{batch}: {', '.join(decision.missing)} is missing")
    return decision


def _under_way(store: Store, claim: Claim, engine: Engine | None) -> bool:
    """Whether the claim is that of a replay, by that engine, which has not ended yet."""
    if claim.state == "exhausted" or not claim.audit or claim.audit[-1].action != "replay":
        return False
    if engine is not None and engine != claim.engine:
        return False
    published = publication.read(store, claim.batch)
    return published is None or claim.order > published.record.high_water


def _was_replayed(claim: Claim, of: int | None) -> bool:
    return of is not None and any(
        entry.action == "replay" and entry.about == str(of) for entry in claim.audit
    )
