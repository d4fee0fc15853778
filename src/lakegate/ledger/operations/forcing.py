"""Letting an incomplete batch go on without something."""

from __future__ import annotations

from dataclasses import dataclass

from lakegate.aws.errors import ContentionError, OperationRefusedError
from lakegate.aws.store import Store
from lakegate.ledger import arrivals, gate, keys, publication
from lakegate.ledger.gate import Decision
from lakegate.ledger.records import Force

TURNS = 20


@dataclass(frozen=True)
class Forced:
    """What is still missing, and whether the same order stood already."""

    missing: tuple[str, ...]
    already: bool = False


def force(store: Store, batch: str, required: tuple[str, ...], order: Force) -> Forced:
    """Let a batch go on without some datasets or files; the next reconciler call starts it.

    Raises OperationRefusedError for an unknown batch, where nothing at all has arrived to go on
    with, and where nothing is missing: a complete batch is run again by a replay.
    """
    stored = arrivals.load(store, batch)
    if stored is None:
        raise OperationRefusedError(f"{batch}: nothing has arrived")
    if gate.decide(required, stored.record).complete:
        raise OperationRefusedError(
            f"{batch}: nothing is missing, so there is nothing to go on without; "
            f"to run it again: lakegate replay {batch}"
        )
    decision = gate.decide(required, stored.record, order)
    if not decision.inputs:
        raise OperationRefusedError(f"{batch}: nothing of what is wanted has arrived")
    key = keys.force(batch)
    earlier = store.read(Force, key)
    if earlier is not None and set(earlier.record.without) == set(order.without):
        _require_not_rolled_back(store, batch, decision)
        return Forced(decision.missing, already=True)
    # The new generation comes first, so that what the order leads to outranks the past.
    arrivals.touch(store, batch)
    for turn in range(TURNS):
        if store.put(key, order, earlier.etag if earlier else None) is not None:
            return Forced(decision.missing)
        store.pause(turn)
        earlier = store.read(Force, key)
    raise ContentionError(key)


def _require_not_rolled_back(store: Store, batch: str, decision: Decision) -> None:
    """The order that stands led to what an operator has rolled away since."""
    published = publication.read(store, batch)
    if published is None or not decision.complete:
        return
    pointer = published.record
    if pointer.revision != decision.revision and decision.order <= pointer.high_water:
        raise OperationRefusedError(
            f"{batch}: it went on without {', '.join(decision.without)} and was rolled back; "
            f"to publish it again: lakegate replay {batch}"
        )
