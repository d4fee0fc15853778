"""Showing readers an earlier publication again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from lakegate.aws import codec
from lakegate.aws.errors import ContentionError, OperationRefusedError
from lakegate.aws.store import Store
from lakegate.ledger import arrivals, catalog, keys, publication
from lakegate.ledger.records import Audit, Publication, Published

TURNS = 20
# A rollback must not meet the deletion of what it goes back to.
SAFE_SHARE_OF_GRACE = 0.9


@dataclass(frozen=True)
class RolledBack:
    """The pointer as it stands, and whether the same rollback was done already."""

    pointer: Published
    already: bool = False


def rollback(  # noqa: PLR0913 - where, to what, from what, and on whose word
    store: Store,
    known: catalog.Catalog,
    batch: str,
    audit: Audit,
    grace: timedelta,
    *,
    to: str | None = None,
    away_from: str | None = None,
) -> RolledBack:
    """Take a run from the readers, show them the publication before, and flip the catalog.

    `away_from` is the run that goes, the published one by default. The request is done already
    where it was rolled away before; so a rollback that is repeated goes no further back. Further,
    or forward again, goes only who names the revision (`to`). Everything that has arrived up to now
    is ruled out; a later upload publishes again.

    Raises OperationRefusedError when readers see another run by now, or when the earlier run is
    unknown, deleted or about to be.
    """
    for turn in range(TURNS):
        stored, index = publication.read(store, batch), arrivals.load(store, batch)
        if stored is None or index is None:
            raise OperationRefusedError(f"{batch}: nothing is published")
        current = stored.record
        if _is_done(current, to, away_from):
            catalog.flip(store, known, batch)
            return RolledBack(current, already=True)
        away_from = away_from or current.run_id
        if current.run_id != away_from:
            raise OperationRefusedError(f"{batch}: readers see {current.run_id} by now")
        target = _target(current, to)
        _require_there(store, known, current, target, audit, grace)
        move = replace(
            target,
            action="rollback",
            at=audit.at,
            by=audit.by,
            reason=audit.reason,
            away_from=away_from,
        )
        pointer = publication.moved(batch, current, move, index.record.generation)
        if store.put(keys.published(batch), pointer, stored.etag) is not None:
            catalog.flip(store, known, batch)
            return RolledBack(pointer)
        store.pause(turn)
    raise ContentionError(f"pointer of {batch}")


def _is_done(current: Published, to: str | None, away_from: str | None) -> bool:
    last = current.history[-1]
    if last.action != "rollback" or to not in (None, last.revision):
        return False
    return away_from in (None, last.away_from)


def _target(current: Published, revision: str | None) -> Publication:
    for move in reversed(current.history):
        if move.run_id != current.run_id and revision in (None, move.revision):
            return move
    raise OperationRefusedError(f"{current.batch}: no earlier publication of {revision or 'any'}")


def _require_there(  # noqa: PLR0913, PLR0917 - all that decides whether readers may be sent back
    store: Store,
    known: catalog.Catalog,
    current: Published,
    target: Publication,
    audit: Audit,
    grace: timedelta,
) -> None:
    """The files of a run that was superseded are there, and will be for a while."""
    age = codec.moment(audit.at) - codec.moment(_superseded(current, target))
    if age > grace * SAFE_SHARE_OF_GRACE:
        raise OperationRefusedError(f"{current.batch}: {target.revision} is past its grace period")
    for prefix in target.tables.values():
        found = store.s3.list_objects_v2(Bucket=known.gold_bucket, Prefix=prefix, MaxKeys=1)
        if not found.get("Contents"):
            raise OperationRefusedError(f"{current.batch}: {prefix} is deleted")


def _superseded(current: Published, target: Publication) -> str:
    """When readers were last sent elsewhere from that run."""
    moves = current.history
    return max(
        moves[place + 1].at
        for place in range(len(moves) - 1)
        if moves[place].run_id == target.run_id
    )
