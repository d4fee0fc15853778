"""Drives one complete revision towards its publication."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from lakegate.aws import codec
from lakegate.aws.store import Store, Stored
from lakegate.contract import Contract
from lakegate.ledger import claims, gate, keys, publication, runs
from lakegate.ledger.gate import Decision
from lakegate.ledger.records import Audit, Claim, Ended, Fence, Published, Run
from lakegate.reconcile.glue_runs import GlueRuns

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

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
    """Starts, follows and repeats runs; `full` is set once Glue has no room for more."""

    contract: Contract
    store: Store
    starter: GlueClient
    job: str
    glue_runs: GlueRuns
    clock: Callable[[], datetime]
    full: bool = field(default=False)

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
            return self._claim(decision, batch)
        return self._follow(stored, decision)

    def _claim(self, decision: Decision, batch: str) -> Driven:
        if not self.full:
            outcome = gate.claim_and_start(
                self.store, self.starter, self.contract, self.job, batch, self.clock(), decision
            )
            self.full = outcome.state == "pending"
            log.info("run asked for", extra={"batch": batch, "state": outcome.state})
        return "unpublished"

    def _reopen(self, stored: Stored[Claim], decision: Decision) -> Driven:
        now = self.clock()
        audit = Audit(
            "reopen", "reconciler", "wanted again after another revision", codec.stamp(now)
        )
        return self._take(
            stored,
            claims.reopened(
                stored.record,
                decision.order,
                self.contract.gate.max_attempts,
                uuid.uuid4().hex,
                now,
                audit,
            ),
        )

    def _follow(self, stored: Stored[Claim], decision: Decision) -> Driven:
        claim = stored.record
        if not self.glue_runs.of(claim.revision, claim.attempt) and not self._run(claim):
            return self._take_over(stored)
        ended = self._ended(claim)
        if ended is None:
            return "unpublished"
        published = publication.read(self.store, claim.batch)
        if settled(decision, claim, published.record if published else None):
            return "published"
        log.warning("attempt ended in vain", extra={"batch": claim.batch, "state": ended.state})
        return self._take(stored, claims.next_attempt(claim, ended, uuid.uuid4().hex, self.clock()))

    def _take_over(self, stored: Stored[Claim]) -> Driven:
        claim, now = stored.record, self.clock()
        if not claims.is_stale(claim, now, self.contract.gate.claim_stale_seconds):
            return "unpublished"
        if self.glue_runs.refresh().of(claim.revision, claim.attempt):
            return "unpublished"
        log.warning("stale claim taken over", extra={"batch": claim.batch})
        return self._take(stored, claims.taken_over(claim, uuid.uuid4().hex, now))

    def _take(self, stored: Stored[Claim], new: Claim) -> Driven:
        if self.full and new.state == "starting":
            return "unpublished"
        changed = claims.change(self.store, stored, new)
        if new.state == "exhausted":
            return "exhausted"
        if changed is not None:
            state = runs.start(self.store, self.starter, self.job, changed, self.clock())
            self.full = state == "pending"
        return "unpublished"

    def _run(self, claim: Claim) -> Run | None:
        stored = self.store.read(Run, keys.run(claim.batch, claim.revision))
        return stored.record if stored and stored.record.attempt == claim.attempt else None

    def _ended(self, claim: Claim) -> Ended | None:
        """How the attempt ended, or None while one of its runs may still do the work."""
        attempts = self.glue_runs.of(claim.revision, claim.attempt)
        run = self._run(claim)
        if run is None and attempts:
            runs.note(self.store, claim, attempts[0]["Id"], self.clock())
        if any(item["JobRunState"] in runs.LIVE for item in attempts):
            return None
        key = keys.fence(claim.batch, claim.revision, claim.attempt)
        fence = self.store.read(Fence, key)
        run_id, since = "", claim.claimed_at
        if fence is not None:
            run_id, since = fence.record.run_id, fence.record.fenced_at
        elif run is not None:
            run_id, since = run.run_id, run.started_at
        elif attempts:
            run_id = attempts[0]["Id"]
        state = self.glue_runs.state(run_id)
        if state is None:
            age = (self.clock() - codec.moment(since)).total_seconds()
            if age <= self.contract.gate.claim_stale_seconds:
                return None
            state = self.glue_runs.refresh().state(run_id)
        if state in runs.LIVE:
            return None
        return Ended(claim.attempt, run_id, state or "VANISHED", codec.stamp(self.clock()))
