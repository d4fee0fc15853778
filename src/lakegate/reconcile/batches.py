"""Looks at every batch that is not known to be at rest, and takes its next step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from lakegate.aws import codec
from lakegate.aws.store import Store
from lakegate.contract import Contract
from lakegate.ledger import arrivals, catalog, gate, keys, publication
from lakegate.ledger.records import Arrivals, Force, Published
from lakegate.reconcile.budget import Budget
from lakegate.reconcile.driving import Driver
from lakegate.reconcile.gold import Gold
from lakegate.reconcile.standing import Standing, Tally
from lakegate.reconcile.state import State
from lakegate.reconcile.trouble import Trouble

ROOT = "batches/"
LOOK_AGAIN = timedelta(hours=24)


@dataclass
class Batches:
    """One pass over the batches of the ledger; resumes where it stopped."""

    contract: Contract
    store: Store
    driver: Driver
    catalog: catalog.Catalog
    gold: Gold
    state: State
    trouble: Trouble
    tally: Tally

    def sweep(self, budget: Budget) -> None:
        """Go on from the cursor until the last batch or the end of the budget."""
        for batch, items in groupby(self._keys(budget), lambda item: item[0].split("/")[1]):
            seen = _fingerprint(batch, dict(items))
            now = self.driver.clock()
            self.state.unopened.pop(batch, None)
            if not self._at_rest(batch, seen, now):
                with self.trouble.caught("batch", batch=batch):
                    standing = self.step(batch)
                    self.tally.add(standing, now)
                    if standing.quiet:
                        self.state.settled[batch] = (seen, codec.stamp(now))
                    else:
                        self.state.settled.pop(batch, None)
            self.state.batch_cursor = f"{ROOT}{batch}/\U0010ffff"
            if budget.spent():
                return
        self.state.batch_cursor = ""
        for batch, since in self.state.unopened.items():
            missing = self.contract.gate.required
            self.tally.add(Standing(batch, "incomplete", since, missing), self.driver.clock())

    def step(self, batch: str) -> Standing:
        """Take the next step of one batch and say where it stands then."""
        stored = arrivals.load(self.store, batch)
        if stored is None:
            return Standing(batch, "published", quiet=True)
        index, required = stored.record, self.contract.gate.required
        decision = gate.decide(required, index)
        if not decision.complete:
            force = self.store.read(Force, keys.force(batch))
            if force is not None:
                decision = gate.decide(required, index, force.record)
        driven = self.driver.drive(decision, batch) if decision.complete else "unpublished"
        pointer = publication.read(self.store, batch)
        if pointer is not None:
            catalog.flip(self.store, self.catalog, batch)
        left = self.gold.sweep(batch, self.driver.gate.live(), self.driver.clock())
        if not decision.complete:
            since = _incomplete_since(index, pointer.record if pointer else None)
            return Standing(batch, "incomplete", since, decision.missing)
        quiet = driven == "published" and not left
        return Standing(batch, driven, decision.completed_at, quiet=quiet)

    def _at_rest(self, batch: str, seen: str, now: datetime) -> bool:
        known = self.state.settled.get(batch)
        return known is not None and known[0] == seen and now - codec.moment(known[1]) < LOOK_AGAIN

    def _keys(self, budget: Budget) -> Iterator[tuple[str, str]]:
        pages = self.store.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.store.bucket, Prefix=ROOT, StartAfter=self.state.batch_cursor
        )
        for page in pages:
            for item in page.get("Contents", []):
                yield item["Key"], item["ETag"]
            if budget.spent():
                return


def _fingerprint(batch: str, etags: dict[str, str]) -> str:
    """What decides on the next step: index, order, pointer, and the claim of each revision."""
    decisive = [keys.arrivals(batch), keys.force(batch), keys.published(batch)]
    decisive += sorted(key for key in etags if key.endswith("/claim.json"))
    text = "".join(f"{key} {etags.get(key, '-')}\n" for key in decisive)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _incomplete_since(index: Arrivals, published: Published | None) -> str:
    """A batch that was published before is incomplete again since its manifest asked for more."""
    if published is None:
        return index.opened_at
    return index.manifest.accepted_at if index.manifest else published.published_at
