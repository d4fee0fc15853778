"""Running the present files of a batch again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lakegate.aws import codec
from lakegate.aws.errors import ContentionError, OperationRefusedError
from lakegate.aws.store import Store
from lakegate.contract.wording import are
from lakegate.ledger import arrivals, claims, gate, keys, publication
from lakegate.ledger.engines.choice import choose, rechoose
from lakegate.ledger.records import Audit, Claim, Engine, EngineBy, Force

if TYPE_CHECKING:
    from lakegate.contract import Contract

TURNS = 20
SPARK: tuple[Engine, ...] = ("spark",)


@dataclass(frozen=True)
class Replayed:
    """The claim as it stands, and whether the same replay was under way already.

    `taken` are the stems of files that count from now on, and had only landed.
    """

    claim: Claim
    already: bool = False
    taken: tuple[str, ...] = ()


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

    Files that landed while no run read their dataset count, where the contract reads it now. The
    claim becomes `pending`; the next reconciler call starts it. Readers see the old run until the
    new run publishes. A replay that has not come to its end is not asked for twice. `of` is the
    attempt that is to be repeated: where it was replayed before, nothing is done. `engines` are
    those that are deployed. Raises OperationRefusedError where something is missing, or another
    attempt is there by now.
    """
    if engine is not None and engine not in engines:
        raise OperationRefusedError(f"{batch}: engine {engine} is not deployed here")
    taken = arrivals.take_landed(store, batch, contract.makes_revisions)
    for turn in range(TURNS):
        decision = _decision(store, batch, contract.gate.required, taken)
        stored = claims.read(store, batch, decision.revision)
        if stored is None:
            if of is not None:
                raise OperationRefusedError(f"{batch}: the present revision has no attempt yet")
            word: tuple[Engine, EngineBy] = choose(contract, decision.inputs, engines)
            word = (engine, "operator") if engine else word
            first = gate.first_claim(batch, decision, contract, word, audit.at)
            return _first(store, replace(first, state="pending", audit=(audit,)), taken)
        claim = stored.record
        if _under_way(store, claim, engine, taken) or _was_replayed(claim, of):
            return Replayed(claim, already=True, taken=taken)
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
            return Replayed(changed.record, taken=taken)
        store.pause(turn)
    raise ContentionError(f"claim of {batch}")


def _decision(
    store: Store, batch: str, required: tuple[str, ...], taken: tuple[str, ...]
) -> gate.Decision:
    index = arrivals.load(store, batch)
    if index is None:
        raise OperationRefusedError(f"{batch}: nothing has arrived")
    decision = gate.decide(required, index.record)
    if not decision.complete:
        ordered = store.read(Force, keys.force(batch))
        if ordered is not None:
            decision = gate.decide(required, index.record, ordered.record)
    if not decision.complete:
        missing = f"{', '.join(decision.missing)} {are(decision.missing)} missing"
        also = f"; {', '.join(taken)}, which had landed, {are(taken)} counted now" if taken else ""
        raise OperationRefusedError(f"{batch}: {missing}{also}")
    return decision


def _first(store: Store, claim: Claim, taken: tuple[str, ...]) -> Replayed:
    """The first claim of a revision, free for the reconciler; one that another has made will do."""
    claim = replace(claim, order=arrivals.touch(store, claim.batch).generation)
    if store.create(keys.claim(claim.batch, claim.revision), claim):
        return Replayed(claim, taken=taken)
    stored = claims.read(store, claim.batch, claim.revision)
    if stored is None:
        raise ContentionError(f"claim of {claim.batch}")
    return Replayed(stored.record, already=True, taken=taken)


def _under_way(store: Store, claim: Claim, engine: Engine | None, taken: tuple[str, ...]) -> bool:
    """Whether the claim is that of a replay, by that engine, which has not ended yet.

    What the reconciler starts of files that this replay took is what this replay asks for, too.
    """
    is_asked_for = bool(taken) or (bool(claim.audit) and claim.audit[-1].action == "replay")
    if claim.state == "exhausted" or not is_asked_for:
        return False
    if engine is not None and engine != claim.engine:
        return False
    published = publication.read(store, claim.batch)
    return published is None or claim.order > published.record.high_water


def _was_replayed(claim: Claim, of: int | None) -> bool:
    return of is not None and any(
        entry.action == "replay" and entry.about == str(of) for entry in claim.audit
    )
