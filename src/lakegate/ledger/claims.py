"""The claim of a revision: who may start it, as a state machine on one document.

(absent) -> starting -> pending | starting (next attempt, or a stale owner's place) | exhausted
pending -> starting | pending (replay)          exhausted -> pending | starting (replay)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lakegate.aws import codec
from lakegate.aws.errors import IllegalTransitionError
from lakegate.aws.store import Store, Stored
from lakegate.ledger import keys
from lakegate.ledger.records import Audit, Claim, ClaimState, Ended

EDGES: frozenset[tuple[ClaimState, ClaimState]] = frozenset(
    {
        ("starting", "starting"),
        ("starting", "pending"),
        ("starting", "exhausted"),
        ("pending", "starting"),
        ("exhausted", "starting"),
        ("exhausted", "pending"),
        ("pending", "pending"),
    }
)


def read(store: Store, batch: str, revision: str) -> Stored[Claim] | None:
    """The claim of a revision, or None while nobody has claimed it."""
    return store.read(Claim, keys.claim(batch, revision))


def acquire(store: Store, claim: Claim) -> Stored[Claim] | None:
    """The claim as now held by its owner: first, or in the place of a `pending` one; else None."""
    etag = store.put(keys.claim(claim.batch, claim.revision), claim)
    if etag is not None:
        return Stored(claim, etag)
    stored = read(store, claim.batch, claim.revision)
    if stored is None or stored.record.state != "pending":
        return None
    return change(
        store, stored, taken_over(stored.record, claim.owner, codec.moment(claim.claimed_at))
    )


def change(store: Store, stored: Stored[Claim], new: Claim) -> Stored[Claim] | None:
    """Put `new` in the place of exactly the claim that was read; None if another was faster."""
    old = stored.record
    if (old.state, new.state) not in EDGES or new.attempt < old.attempt:
        raise IllegalTransitionError(
            f"{old.state} attempt {old.attempt} -> {new.state} attempt {new.attempt}"
        )
    etag = store.put(keys.claim(old.batch, old.revision), new, stored.etag)
    return None if etag is None else Stored(new, etag)


def is_stale(claim: Claim, now: datetime, stale_seconds: float) -> bool:
    """Whether the owner has had so long that it must be dead."""
    return (now - codec.moment(claim.claimed_at)).total_seconds() > stale_seconds


def taken_over(claim: Claim, owner: str, now: datetime) -> Claim:
    """The same attempt in the hands of a new owner."""
    return replace(claim, state="starting", owner=owner, claimed_at=codec.stamp(now))


def released(claim: Claim) -> Claim:
    """The same attempt free for anyone, because it is certain that no run was started."""
    return replace(claim, state="pending")


def next_attempt(
    claim: Claim, ended: Ended, owner: str, now: datetime, *, escalate: bool = False
) -> Claim:
    """The claim after an attempt has ended in vain: one more attempt, or exhausted.

    Refused data are not tried again. `escalate`: the next attempt is Spark's, even if this was the
    last one.
    """
    claim = replace(claim, ended=(*claim.ended, ended))
    if escalate:
        allowed = max(claim.attempts_allowed, claim.attempt + 1)
        claim = replace(claim, engine="spark", engine_by="escalation", attempts_allowed=allowed)
    if claim.is_refused or claim.attempt >= claim.attempts_allowed:
        return replace(claim, state="exhausted")
    return taken_over(replace(claim, attempt=claim.attempt + 1), owner, now)


def refuse(store: Store, claim: Claim, ended: Ended) -> None:
    """End the attempt of a run that has refused the data, by that run itself.

    Where the claim has gone on without the run, it stays as it is.
    """
    stored = read(store, claim.batch, claim.revision)
    if stored is None:
        return
    current = stored.record
    if (current.attempt, current.state) == (claim.attempt, "starting"):
        new = next_attempt(current, ended, current.owner, codec.moment(ended.at))
        change(store, stored, new)


def reopened(  # noqa: PLR0913, PLR0917 - one value per thing that a replay decides
    claim: Claim, order: int, attempts: int, owner: str, now: datetime, audit: Audit | None
) -> Claim:
    """The claim with fresh attempts and an order that outranks what was published since."""
    return taken_over(
        replace(
            claim,
            order=order,
            attempt=claim.attempt + 1,
            attempts_allowed=claim.attempt + attempts,
            audit=claim.audit if audit is None else (*claim.audit, audit),
        ),
        owner,
        now,
    )
