"""What gate and reconciler ask of an engine, and the one way to start an attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from lakegate.aws import codec
from lakegate.aws.store import Store, Stored
from lakegate.ledger import claims, keys
from lakegate.ledger.records import Claim, Engine, Run

StartResult = Literal["started", "pending", "unknown"]


@dataclass(frozen=True)
class Started:
    """How the engine took a request to start.

    `pending`: it has no room, nothing was started. `unknown`: its answer was lost. `refused`:
    nothing was started, for the reason of `error`.
    """

    state: Literal["started", "pending", "unknown", "refused"]
    run_id: str = ""
    error: Exception | None = None


@dataclass(frozen=True)
class Seen:
    """What became of an attempt.

    `unstarted`: no run of it is known, and has not been for so long that none will come. `live`: a
    run does the work or may still come. `ended`: no run of it can do the work any more; `how` is
    the engine's own word or VANISHED, `reason` the kind of error that the run left word of, and
    `error` what it said.
    """

    state: Literal["unstarted", "live", "ended"]
    run_id: str = ""
    how: str = ""
    reason: str = ""
    error: str = ""


LIVE, UNSTARTED = Seen("live"), Seen("unstarted")


class Starter(Protocol):
    """One engine. AWS errors of `look` and `live` propagate."""

    @property
    def name(self) -> Engine:
        """As claims name it."""

    def start(self, claim: Claim) -> Started:
        """Ask once for a run of the claim's attempt."""

    def look(self, claim: Claim, patience: float) -> Seen:
        """What became of the attempt of a claim that is `starting`.

        `patience`: for how many seconds a claim's owner and a run without a sign are waited for.
        """

    def live(self) -> frozenset[str]:
        """Ids of the runs that are known to be writing still."""

    def refresh(self) -> None:
        """Forget what was listed before: a call of the reconciler begins."""


def start(store: Store, starter: Starter, stored: Stored[Claim], now: datetime) -> StartResult:
    """Start the claimed attempt and record its run; only the claim's owner may call this.

    No room releases the claim (`pending`). After a lost answer the claim stays and is looked at
    when it is stale (`unknown`). A refusal releases the claim and is raised.
    """
    claim = stored.record
    answer = starter.start(claim)
    if answer.state in ("pending", "refused"):
        claims.change(store, stored, claims.released(claim))
        if answer.error is not None:
            raise answer.error
        return "pending"
    if answer.state == "unknown":
        return "unknown"
    note(store, claim, answer.run_id, now)
    return "started"


def note(store: Store, claim: Claim, run_id: str, now: datetime) -> None:
    """Record the run of the claim's attempt, unless a run of it or of a later one is recorded."""
    key = keys.run(claim.batch, claim.revision)
    record = Run(claim.batch, claim.revision, claim.attempt, run_id, codec.stamp(now), claim.engine)
    while not store.create(key, record):
        stored = store.read(Run, key)
        if stored is None:
            continue
        if stored.record.attempt >= claim.attempt or store.replace(key, record, stored.etag):
            return


def told(store: Store, claim: Claim, run_id: str) -> Mapping[str, Any]:
    """The report of the claim's revision, if that run has written it; else nothing."""
    report = store.get(keys.revision(claim.batch, claim.revision, "report"))
    return report[0] if report and report[0].get("run_id") == run_id else {}


def ended(run_id: str, how: str, report: Mapping[str, Any]) -> Seen:
    """The end of a run that has left this report, or none."""
    kind, error = report.get("error_kind"), report.get("error")
    return Seen("ended", run_id, how, str(kind or ""), str(error or ""))


def noted(store: Store, claim: Claim) -> Run | None:
    """The recorded run of the claim's attempt."""
    stored = store.read(Run, keys.run(claim.batch, claim.revision))
    return stored.record if stored and stored.record.attempt == claim.attempt else None
