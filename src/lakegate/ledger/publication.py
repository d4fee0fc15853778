"""The end of a run: fence first, one pointer, and a catalog that follows the pointer."""

from __future__ import annotations

from datetime import datetime

from lakegate.aws import codec
from lakegate.aws.errors import ContentionError
from lakegate.aws.store import Store, Stored
from lakegate.ledger import claims, keys
from lakegate.ledger.records import Claim, Engine, Fence, Publication, Published

TURNS = 60
HISTORY = 50


def fence(  # noqa: PLR0913, PLR0917 - the names of one run
    store: Store,
    batch: str,
    revision: str,
    attempt: int,
    run_id: str,
    now: datetime,
    engine: Engine = "spark",
) -> Claim | None:
    """The claim, if this run is the one that may do the work of its attempt: a run's first act.

    The same run asking again counts as won. An attempt that a later one has replaced is lost, and
    so is a run that another engine was asked for. The run goes by the claim that it gets here: read
    again, it might be that of a later attempt, whose order is not this run's to publish with.
    """
    claim = claims.read(store, batch, revision)
    if claim is None or (claim.record.attempt, claim.record.engine) != (attempt, engine):
        return None
    key = keys.fence(batch, revision, attempt)
    if store.create(key, Fence(batch, revision, attempt, run_id, codec.stamp(now), engine)):
        return claim.record
    holder = store.read(Fence, key)
    return claim.record if holder is not None and holder.record.run_id == run_id else None


def read(store: Store, batch: str) -> Stored[Published] | None:
    """The pointer of a batch, or None before its first publication."""
    return store.read(Published, keys.published(batch))


def publish(  # noqa: PLR0913, PLR0917 - what the pointer says of a run
    store: Store,
    claim: Claim,
    run_id: str,
    tables: dict[str, str],
    rows: dict[str, int],
    now: datetime,
) -> Published:
    """Move the pointer to what a run wrote, all its tables at once; return where it points then.

    `tables` has the prefix of each gold table, `rows` their number.

    It points to another run when that one has published the revision before, or when the order of
    the claim is below what was already published or ruled out.
    """
    move = Publication(
        "publish", claim.revision, claim.order, run_id, tables, rows, codec.stamp(now)
    )
    for turn in range(TURNS):
        stored = read(store, claim.batch)
        current = None if stored is None else stored.record
        if current is not None and not outranks(claim, current):
            return current
        pointer = moved(claim.batch, current, move, claim.order)
        etag = None if stored is None else stored.etag
        if store.put(keys.published(claim.batch), pointer, etag) is not None:
            return pointer
        store.pause(turn)
    raise ContentionError(f"pointer of {claim.batch}")


def outranks(claim: Claim, current: Published) -> bool:
    """Whether a claim's outcome may take the place of what is published."""
    return claim.order > current.high_water


def moved(batch: str, current: Published | None, move: Publication, high_water: int) -> Published:
    """The pointer after a move; its high water never falls."""
    history = () if current is None else current.history
    return Published(
        batch=batch,
        revision=move.revision,
        order=move.order,
        high_water=high_water if current is None else max(high_water, current.high_water),
        run_id=move.run_id,
        tables=move.tables,
        rows=move.rows,
        published_at=move.at,
        history=(*history, move)[-HISTORY:],
    )
