"""The state of a batch in one word, decided from the facts alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from lakegate.aws import codec
from lakegate.ledger import claims
from lakegate.ledger.engines.choice import escalates
from lakegate.ledger.engines.glue import LIVE_STATES
from lakegate.ledger.records import Ended

if TYPE_CHECKING:
    from lakegate.cli.reads.facts import Facts
    from lakegate.cli.reads.job_runs import JobRun
    from lakegate.contract import Contract
    from lakegate.ledger.records import Claim, Published

Word = Literal[
    "uploaded",  # nothing is judged yet
    "rejected",  # files came, none was accepted
    "waiting",  # not all required files have arrived
    "overdue",  # waiting, and past its deadline
    "complete",  # all there, not claimed yet
    "queued",  # claimed, the engine had no room; the reconciler goes on
    "starting",  # claimed, no run recorded yet
    "running",
    "retrying",  # a run ended in vain, more attempts are allowed
    "publishing",  # the run succeeded, the pointer has not moved yet
    "published",
    "failed",  # all attempts ended in vain
]
ENDED = frozenset({"published", "failed"})


@dataclass(frozen=True)
class Status:
    """One line of `lakegate status`; `since` is when the batch got into its state.

    `table_rows` has the published rows of each table, the contract's first one first; `rows` are
    those of that one.
    """

    batch: str
    state: Word
    since: datetime | None
    missing: tuple[str, ...] = ()
    revision: str | None = None
    attempt: int | None = None
    run_id: str | None = None
    engine: str | None = None
    published_revision: str | None = None
    rows: int | None = None
    table_rows: dict[str, int] = field(default_factory=dict)
    rejected_files: int = 0
    unjudged_files: int = 0
    note: str = ""


def deadline(facts: Facts, contract: Contract) -> datetime | None:
    """When a waiting batch is overdue."""
    if facts.index is None:
        return None
    opened = codec.moment(facts.index.opened_at)
    return opened + timedelta(minutes=contract.gate.deadline_minutes)


def status(facts: Facts, contract: Contract, now: datetime) -> Status:
    """Where the batch stands."""
    word, since, note = _word(facts, contract, now)
    published, current, decision = facts.published, facts.current, facts.decision
    claim = current.claim if current else None
    rows = _rows(published, contract)
    return Status(
        batch=facts.batch,
        state=word,
        since=since,
        missing=decision.missing if decision else contract.gate.required,
        revision=decision.revision if decision and decision.complete else None,
        attempt=claim.attempt if claim else None,
        engine=claim.engine if claim else None,
        run_id=current.working(claim.attempt) if current and claim else None,
        published_revision=published.revision if published else None,
        rows=next(iter(rows.values()), None),
        table_rows=rows,
        rejected_files=len(facts.rejections),
        unjudged_files=len(facts.unjudged),
        note=note,
    )


def _rows(published: Published | None, contract: Contract) -> dict[str, int]:
    """Of each published table, those of the contract first and as it orders them."""
    if published is None:
        return {}
    known = {name: published.rows[name] for name in contract.gold_tables if name in published.rows}
    return known | published.rows


def _word(facts: Facts, contract: Contract, now: datetime) -> tuple[Word, datetime | None, str]:
    index, decision, published = facts.index, facts.decision, facts.published
    if index is None or decision is None:
        if facts.rejections:
            return "rejected", max(item.at for item in facts.rejections), ""
        return "uploaded", min((item.modified for item in facts.unjudged), default=None), ""
    if not decision.complete:
        note = "an earlier revision is published" if published else ""
        due = deadline(facts, contract)
        late = due is not None and now >= due
        return ("overdue" if late else "waiting"), codec.moment(index.opened_at), note
    if published is not None:
        moved = codec.moment(published.published_at)
        claim = facts.current.claim if facts.current else None
        asked_again = claim is not None and claim.order > published.high_water
        if published.revision == decision.revision and not asked_again:
            return "published", moved, ""
        if published.high_water >= decision.order:
            return "published", moved, f"rolled back: the files make {decision.revision}"
    completed = codec.moment(decision.completed_at)
    word, since = _progress(facts)
    notes = ["the data were refused"] if word == "failed" and _is_refused(facts) else []
    notes += [f"readers see {published.revision}"] if published else []
    return word, since or completed, "; ".join(notes)


def _is_refused(facts: Facts) -> bool:
    claim = facts.current.claim if facts.current else None
    return claim is not None and claim.is_refused


def _progress(facts: Facts) -> tuple[Word, datetime | None]:
    current = facts.current
    if current is None or current.claim is None:
        return "complete", None
    claim, run_id = current.claim, current.working(current.claim.attempt)
    claimed = codec.moment(claim.claimed_at)
    if claim.state != "starting":
        ended = codec.moment(claim.ended[-1].at) if claim.ended else claimed
        return ("queued", claimed) if claim.state == "pending" else ("failed", ended)
    if run_id is None:
        return ("retrying" if claim.ended else "starting"), claimed
    return _running(facts.runs.get(run_id), claim)


def _running(job: JobRun | None, claim: Claim) -> tuple[Word, datetime | None]:
    if job is None or job.state in LIVE_STATES:
        return "running", job.started_at if job else codec.moment(claim.claimed_at)
    if job.state == "SUCCEEDED":
        return "publishing", job.completed_at
    at = job.completed_at or codec.moment(claim.claimed_at)
    ended = Ended(
        claim.attempt, job.run_id, job.state, codec.stamp(at), claim.engine, reason=job.reason
    )
    after = claims.next_attempt(claim, ended, "", at, escalate=escalates(claim, ended))
    return ("failed" if after.state == "exhausted" else "retrying"), job.completed_at
