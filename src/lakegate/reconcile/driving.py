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
from lakegate.ledger.engines.function import Failure, Request
from lakegate.ledger.gate import Decision, Gate
from lakegate.ledger.records import Audit, Claim, Ended, Engine, Published

log = logging.getLogger("reconciler")

Driven = Literal["published", "unpublished", "exhausted"]
# An attempt that fails so soon after the one before is followed at the next regular look, not at
# once: what made both fail may need a moment.
PAUSE_SECONDS = 60


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

    `failure` is what woke the reconciler, if one did. `escalated` counts the batches that had to go
    on with Spark.
    """

    gate: Gate
    clock: Callable[[], datetime]
    failure: Failure | None = None
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
        claim, owner = stored.record, uuid.uuid4().hex
        reason, about = "wanted again after another revision", str(claim.attempt)
        audit = Audit("reopen", "reconciler", reason, codec.stamp(now), about)
        return self._take(
            stored, claims.reopened(claim, decision.order, attempts, owner, now, audit)
        )

    def _follow(self, stored: Stored[Claim], decision: Decision) -> Driven:
        claim, now = stored.record, self.clock()
        request = Request(claim.batch, claim.revision, claim.attempt)
        killed = self.failure == Failure(request, killed=True)
        patience = 0 if killed else self.gate.contract.gate.claim_stale_seconds
        seen = self.gate.starter(claim.engine).look(claim, patience)
        if seen.state == "live":
            return "unpublished"
        if seen.state == "unstarted":
            log.warning("stale claim taken over", extra={"batch": claim.batch})
            return self._take(stored, claims.taken_over(claim, uuid.uuid4().hex, now))
        published = publication.read(self.store, claim.batch)
        if settled(decision, claim, published.record if published else None):
            return "published"
        ended = Ended(
            claim.attempt,
            seen.run_id,
            seen.how,
            codec.stamp(now),
            claim.engine,
            reason=seen.reason,
            error=seen.error,
        )
        bigger = escalates(claim, ended)
        new = claims.next_attempt(claim, ended, uuid.uuid4().hex, now, escalate=bigger)
        if self.failure is not None and new.state == "starting" and _just_now(claim, now):
            return "unpublished"
        fields = {"batch": claim.batch, "engine": claim.engine, "state": ended.state}
        log.warning("attempt ended in vain", extra={**fields, "reason": ended.reason})
        if bigger:
            self.escalated += 1
            log.warning("the next attempt is Spark's", extra={"batch": claim.batch})
        return self._take(stored, new)

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


def _just_now(claim: Claim, now: datetime) -> bool:
    """Whether the attempt before this one has ended a moment ago."""
    last = codec.moment(claim.ended[-1].at) if claim.ended else None
    return last is not None and (now - last).total_seconds() < PAUSE_SECONDS
