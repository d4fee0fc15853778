"""Drives one complete revision towards its publication."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from lakegate.aws import codec
from lakegate.aws.store import Store, Stored
from lakegate.ledger import claims, publication
from lakegate.ledger.engines.choice import choose, escalates
from lakegate.ledger.gate import Decision, Gate
from lakegate.ledger.records import Audit, Claim, Ended, Engine, Published

log = logging.getLogger("reconciler")

Driven = Literal["published", "unpublished", "exhausted"]


def settled(decision: Decision, claim: Claim | None, published: Published | None) -> bool:
    """Whether readers see the decided revision, or someone ruled it out (a rollback).

    A replay gives the claim of what readers see an order of its own, above the published one.
    """
    if published is None:
        return False
    if published.revision == decision.revision:
        return claim is None or claim.order <= published.high_water
    return decision.order <= published.high_water


@dataclass
class Driver:
    """Starts, follows and repeats runs; `full` are the engines that have no room for more now.

    `escalated` counts the batches that had to go on with Spark.
    """

    gate: Gate
    clock: Callable[[], datetime]
    full: set[Engine] = field(default_factory=set)
    escalated: int = 0

    @property
    def store(self) -> Store:
        return self.gate.store

    def drive(self, decision: Decision, batch: str) -> Driven:
        """The next step of a complete revision, whatever was interrupted before."""
        published = publication.read(self.store, batch)
        pointer = published.record if published else None
        stored = claims.read(self.store, batch, decision.revision)
        if settled(decision, stored.record if stored else None, pointer):
            return "published"
        if stored is None:
            return self._claim(decision, batch)
        claim = stored.record
        if pointer is not None and claim.order <= pointer.high_water:
            return self._reopen(stored, decision)
        if claim.state == "exhausted":
            return "exhausted"
        if claim.state == "pending":
            return self._take(stored, claims.taken_over(claim, uuid.uuid4().hex, self.clock()))
        return self._follow(stored, decision)

    def _claim(self, decision: Decision, batch: str) -> Driven:
        engine, _ = choose(self.gate.contract, decision.inputs, self.gate.starters)
        if engine not in self.full:
            outcome = self.gate.claim(batch, decision, self.clock())
            self._note(engine, outcome.state)
            fields = {"batch": batch, "engine": engine, "state": outcome.state}
            log.info("run asked for", extra=fields)
        return "unpublished"

    def _reopen(self, stored: Stored[Claim], decision: Decision) -> Driven:
        now, attempts = self.clock(), self.gate.contract.gate.max_attempts
        audit = Audit(
            "reopen", "reconciler", "wanted again after another revision", codec.stamp(now)
        )
        owner = uuid.uuid4().hex
        return self._take(
            stored, claims.reopened(stored.record, decision.order, attempts, owner, now, audit)
        )

    def _follow(self, stored: Stored[Claim], decision: Decision) -> Driven:
        claim, now = stored.record, self.clock()
        seen = self.gate.starter(claim.engine).look(
            claim, self.gate.contract.gate.claim_stale_seconds
        )
        if seen.state == "live":
            return "unpublished"
        if seen.state == "unstarted":
            log.warning("stale claim taken over", extra={"batch": claim.batch})
            return self._take(stored, claims.taken_over(claim, uuid.uuid4().hex, now))
        published = publication.read(self.store, claim.batch)
        if settled(decision, claim, published.record if published else None):
            return "published"
        ended = Ended(
            claim.attempt, seen.run_id, seen.how, codec.stamp(now), claim.engine, seen.reason
        )
        fields = {"batch": claim.batch, "engine": claim.engine, "state": ended.state}
        log.warning("attempt ended in vain", extra={**fields, "reason": ended.reason})
        bigger = escalates(claim, ended)
        if bigger:
            self.escalated += 1
            log.warning("the next attempt is Spark's", extra={"batch": claim.batch})
        owner = uuid.uuid4().hex
        return self._take(stored, claims.next_attempt(claim, ended, owner, now, escalate=bigger))

    def _take(self, stored: Stored[Claim], new: Claim) -> Driven:
        if new.engine in self.full and new.state == "starting":
            return "unpublished"
        changed = claims.change(self.store, stored, new)
        if new.state == "exhausted":
            return "exhausted"
        if changed is not None:
            self._note(new.engine, self.gate.start(changed, self.clock()))
        return "unpublished"

    def _note(self, engine: Engine, state: str) -> None:
        if state == "pending":
            self.full.add(engine)
