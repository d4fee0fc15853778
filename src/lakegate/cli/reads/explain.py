"""Why a batch is where it is, and what to do about it: a story told from the ledger alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from lakegate.aws import codec
from lakegate.cli.reads import rejected, state
from lakegate.cli.reads.advice import advice, landed
from lakegate.contract import wording
from lakegate.ledger.arrivals import with_landed

if TYPE_CHECKING:
    from lakegate.cli.reads.facts import Facts
    from lakegate.cli.reads.revision import Revision
    from lakegate.contract import Contract
    from lakegate.ledger.records import Arrival, Claim

SHOWN_OF_RUN = 15
Mark = Literal["done", "bad", "waits", "told"]


@dataclass(frozen=True)
class Step:
    """One thing that happened or did not; `fix` is what a person can do."""

    mark: Mark
    text: str
    at: datetime | None = None
    fix: str = ""


@dataclass(frozen=True)
class Explanation:
    """The story of a batch; `advice` are commands or acts, most useful first."""

    status: state.Status
    steps: tuple[Step, ...]
    advice: tuple[str, ...]


def explain(facts: Facts, contract: Contract, now: datetime) -> Explanation:
    """What happened to a batch in the order of time, then what has not happened yet."""
    status = state.status(facts, contract, now)
    happened = [
        *_in_time(_arrivals(facts, contract)),
        *_in_time(_rejections(facts)),
        *_in_time(_unjudged(facts)),
        *_in_time(_gate(facts)),
        *(step for item in facts.revisions.values() for step in _in_time(_revision(facts, item))),
        *_in_time(_publications(facts)),
    ]
    steps = [step for _, step in sorted(happened, key=lambda item: item[0])]
    steps += _missing(facts, contract, now)
    steps += [Step("bad", f"skipped: {item.name} {item.why}") for item in facts.unread]
    return Explanation(status, tuple(steps), tuple(advice(facts, status, contract)))


def _in_time(steps: Iterator[Step]) -> Iterator[tuple[datetime, Step]]:
    """Each step with its time; one that has none follows the step before it."""
    at = datetime.min.replace(tzinfo=UTC)
    for step in steps:
        at = step.at or at
        yield at, step


def _arrivals(facts: Facts, contract: Contract) -> Iterator[Step]:
    if facts.index is None:
        return
    for stem, arrival in sorted(facts.index.files.items()):
        versions = len(facts.index.accepted.get(stem, ()))
        again = f", the newest of {versions} accepted versions" if versions > 1 else ""
        text = f"{_accepted(arrival)}{again}"
        yield Step("done", text, codec.moment(arrival.accepted_at))
    _, waiting = with_landed(facts.index, contract.makes_revisions)
    for stem, arrival in sorted(facts.index.landed.items()):
        text = _accepted(arrival)
        read_now = "when no run read it; now one does"
        text += f", landed {read_now}" if stem in waiting else ", landed only: no run reads it"
        yield Step("done", text, codec.moment(arrival.accepted_at))
    if facts.index.manifest is not None:
        manifest = facts.index.manifest
        files = wording.counted(len(manifest.files), "file")
        text = (
            f"{manifest.key} accepted: exactly its {files} {wording.are(manifest.files)} waited for"
        )
        yield Step("done", text, codec.moment(manifest.accepted_at))


def _accepted(arrival: Arrival) -> str:
    size = wording.counted(arrival.size, "byte")
    return f"{arrival.key} accepted: {size}{_converted(arrival)}"


def _converted(arrival: Arrival) -> str:
    """What was found in a file that was not plain lines, and what came of it."""
    usual = ("", "lines", "utf-8")
    words = (arrival.shape, arrival.encoding, arrival.compression)
    found = [word for word in words if word not in usual]
    if not found or arrival.bytes_after is None:
        return ""
    if arrival.records is not None:
        found.append(wording.counted(arrival.records, "record"))
    return f" of {', '.join(found)}, {arrival.bytes_after:,} bytes of lines in silver"


def _rejections(facts: Facts) -> Iterator[Step]:
    for item in facts.rejections:
        settled = rejected.is_settled(item, facts.index)
        later = " (a good version has come since)" if settled else ""
        text = f"{item.key} rejected: {item.code}: {item.detail or item.meaning}{later}"
        yield Step("told" if settled else "bad", text, item.at, "" if settled else item.fix)


def _unjudged(facts: Facts) -> Iterator[Step]:
    for item in facts.unjudged:
        text = f"{item.key} uploaded: {wording.counted(item.size, 'byte')}, not judged yet"
        yield Step("waits", text, item.modified)


def _gate(facts: Facts) -> Iterator[Step]:
    if facts.force is not None:
        force = facts.force
        text = f"{force.by} let it go on without {', '.join(force.without)}: {force.reason}"
        yield Step("told", text, codec.moment(force.at))
    if facts.decision is not None and facts.decision.complete:
        at = codec.moment(facts.decision.completed_at)
        yield Step("done", f"complete: revision {facts.decision.revision}", at)


def _missing(facts: Facts, contract: Contract, now: datetime) -> Iterator[Step]:
    due = state.deadline(facts, contract)
    if facts.decision is None or due is None:
        return
    late = "overdue since" if now >= due else "overdue at"
    there = landed(facts, contract)
    for name in facts.decision.missing:
        what = "has landed and does not count yet" if name in there else "has not arrived"
        yield Step("waits", f"{name} {what} ({late} {due:%Y-%m-%d %H:%M} UTC)")


def _revision(facts: Facts, revision: Revision) -> Iterator[Step]:
    claim = revision.claim
    if claim is None:
        return
    for entry in claim.audit:
        text = f"{entry.by} asked for {entry.action}: {entry.reason}"
        yield Step("told", text, codec.moment(entry.at))
    for ended in claim.ended:
        job = facts.runs.get(ended.run_id or "")
        error = ended.error or (job.error if job else "")
        why = f": {error}" if error else ""
        kind = f" ({ended.reason.replace('_', ' ')})" if ended.reason else ""
        name = _named(ended.attempt, claim.revision, ended.engine)
        yield Step("bad", f"{name} ended {ended.state}{kind}{why}", codec.moment(ended.at))
    if claim.engine_by == "escalation":
        yield Step("told", "DuckDB was too small for it: it goes on with Spark")
    if claim.state != "exhausted":
        yield _attempt(facts, revision, claim)
        return
    yield Step("bad", f"no attempt is left for {claim.revision}: {_why_none(claim)}")


def _why_none(claim: Claim) -> str:
    if claim.is_refused:
        return "the data were refused, and another attempt would find the same"
    # A replay allows as many after the attempt that it is about.
    replayed = [int(entry.about) for entry in claim.audit if entry.about.isdecimal()]
    allowed = claim.attempts_allowed - max(replayed, default=0)
    return f"{allowed} {'was' if allowed == 1 else 'were'} allowed"


def _attempt(facts: Facts, revision: Revision, claim: Claim) -> Step:
    name = _named(claim.attempt, claim.revision, claim.engine)
    claimed = codec.moment(claim.claimed_at)
    if claim.state == "pending":
        return Step("waits", f"{name} is queued; the reconciler starts it", claimed)
    run_id = revision.working(claim.attempt)
    if run_id is None:
        return Step("waits", f"{name} is claimed, no run is recorded yet", claimed)
    job = facts.runs.get(run_id)
    if job is None:
        return Step("told", f"{name}: run {_short(run_id)} is no longer known to Glue", claimed)
    why = f": {job.error}" if job.error else ""
    mark: Mark = {"SUCCEEDED": "done", "STARTING": "waits", "RUNNING": "waits"}.get(  # type: ignore[assignment]
        job.state, "bad"
    )
    took = f" after {job.seconds} s" if job.completed_at else ""
    return Step(mark, f"{name}: run {_short(run_id)} {job.state}{took}{why}", job.started_at)


def _named(attempt: int, revision: str, engine: str) -> str:
    return f"attempt {attempt} of {revision} on {engine}"


def _short(run_id: str) -> str:
    return run_id if len(run_id) <= SHOWN_OF_RUN else f"{run_id[:SHOWN_OF_RUN]}…"


def _publications(facts: Facts) -> Iterator[Step]:
    if facts.published is None:
        return
    for move in facts.published.history:
        verb = {"publish": "published", "rollback": "rolled back to"}.get(move.action, move.action)
        who = f" by {move.by}: {move.reason}" if move.reason else ""
        text = f"{verb} {move.revision}: {counted(move.rows)}{who}"
        yield Step("done", text, codec.moment(move.at))


def counted(rows: dict[str, int]) -> str:
    """How many rows each table has, in words."""
    return ", ".join(
        f"{table} {wording.counted(count, 'row')}" for table, count in sorted(rows.items())
    )
