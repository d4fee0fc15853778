"""What operators may ask of a batch: each request is audited in the ledger and safe to repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from lakegate.aws import codec
from lakegate.aws.errors import ContentionError, OperationRefusedError
from lakegate.aws.store import Store
from lakegate.ledger import arrivals, catalog, claims, gate, keys, publication
from lakegate.ledger.records import Audit, Claim, Force, Publication, Published

TURNS = 20
# A rollback must not meet the deletion of what it goes back to.
SAFE_SHARE_OF_GRACE = 0.9


def force(store: Store, batch: str, required: tuple[str, ...], order: Force) -> tuple[str, ...]:
    """Let a batch go on without some datasets or files; the next reconciler call starts it.

    Answers with what is still missing then. Raises OperationRefusedError for an unknown batch, or
    when nothing at all has arrived to go on with.
    """
    stored = arrivals.load(store, batch)
    if stored is None:
        raise OperationRefusedError(f"{batch}: nothing has arrived")
    decision = gate.decide(required, stored.record, order)
    if not decision.inputs:
        raise OperationRefusedError(f"{batch}: nothing of what is wanted has arrived")
    # The new generation comes first, so that what the order leads to outranks the past.
    arrivals.touch(store, batch)
    key = keys.force(batch)
    for turn in range(TURNS):
        earlier = store.read(Force, key)
        if store.put(key, order, earlier.etag if earlier else None) is not None:
            return decision.missing
        store.pause(turn)
    raise ContentionError(key)


def replay(
    store: Store, batch: str, required: tuple[str, ...], attempts: int, audit: Audit
) -> Claim:
    """Run the present revision of a batch again, with fresh attempts and a higher order.

    The claim becomes `pending`; the next reconciler call starts it. Readers see the old run until
    the new run publishes. Raises OperationRefusedError where there is nothing to run again.
    """
    for turn in range(TURNS):
        index = arrivals.load(store, batch)
        if index is None:
            raise OperationRefusedError(f"{batch}: nothing has arrived")
        ordered = store.read(Force, keys.force(batch))
        decision = gate.decide(required, index.record)
        if not decision.complete and ordered is not None:
            decision = gate.decide(required, index.record, ordered.record)
        if not decision.complete:
            raise OperationRefusedError(f"{batch}: {', '.join(decision.missing)} is missing")
        stored = claims.read(store, batch, decision.revision)
        if stored is None:
            raise OperationRefusedError(f"{batch}: the present revision has not been started yet")
        touched = arrivals.touch(store, batch)
        fresh = claims.reopened(
            stored.record, touched.generation, attempts, "", codec.moment(audit.at), audit
        )
        changed = claims.change(store, stored, replace(fresh, state="pending"))
        if changed is not None:
            return changed.record
        store.pause(turn)
    raise ContentionError(f"claim of {batch}")


def rollback(  # noqa: PLR0913, PLR0917 - where, to what, and on whose word
    store: Store,
    known: catalog.Catalog,
    batch: str,
    revision: str | None,
    audit: Audit,
    grace: timedelta,
) -> Published:
    """Point readers to an earlier publication, the one before by default, and flip the catalog.

    Everything that has arrived up to now is ruled out; a later upload publishes again. Raises
    OperationRefusedError when the earlier run is unknown, deleted or about to be.
    """
    for turn in range(TURNS):
        stored, index = publication.read(store, batch), arrivals.load(store, batch)
        if stored is None or index is None:
            raise OperationRefusedError(f"{batch}: nothing is published")
        target = _target(stored.record, revision)
        age = codec.moment(audit.at) - codec.moment(_superseded(stored.record, target))
        if age > grace * SAFE_SHARE_OF_GRACE:
            raise OperationRefusedError(f"{batch}: {target.revision} is past its grace period")
        for prefix in target.tables.values():
            found = store.s3.list_objects_v2(Bucket=known.gold_bucket, Prefix=prefix, MaxKeys=1)
            if not found.get("Contents"):
                raise OperationRefusedError(f"{batch}: {prefix} is deleted")
        move = replace(target, action="rollback", at=audit.at, by=audit.by, reason=audit.reason)
        pointer = publication.moved(batch, stored.record, move, index.record.generation)
        if store.put(keys.published(batch), pointer, stored.etag) is not None:
            catalog.flip(store, known, batch)
            return pointer
        store.pause(turn)
    raise ContentionError(f"pointer of {batch}")


def _target(current: Published, revision: str | None) -> Publication:
    for move in reversed(current.history):
        if move.run_id != current.run_id and revision in (None, move.revision):
            return move
    raise OperationRefusedError(f"{current.batch}: no earlier publication of {revision or 'any'}")


def _superseded(current: Published, target: Publication) -> str:
    moves = current.history
    return max(
        moves[place + 1].at
        for place in range(len(moves) - 1)
        if moves[place].run_id == target.run_id
    )


def audit(action: str, by: str, reason: str, now: datetime) -> Audit:
    """An audit entry. Raises OperationRefusedError when the name or the reason is left out."""
    if not by.strip() or not reason.strip():
        raise OperationRefusedError(f"{action}: who asks, and why?")
    return Audit(action, by, reason, codec.stamp(now))
