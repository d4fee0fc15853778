"""When a batch is complete, and the one step from complete to started."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from lakegate.aws import codec
from lakegate.aws.errors import EngineError
from lakegate.aws.store import Store, Stored
from lakegate.ledger import arrivals, claims, keys
from lakegate.ledger.engines.choice import choose
from lakegate.ledger.engines.door import Starter, StartResult, start
from lakegate.ledger.records import Arrivals, Claim, Engine, EngineBy, Force, Input

if TYPE_CHECKING:
    from lakegate.contract import Contract

NAMED = 20  # in a line of a log: every file of a large batch writes one
State = Literal["incomplete", "claimed", "started", "pending", "unknown"]


@dataclass(frozen=True)
class Decision:
    """What the index says: `missing` names datasets and stems; complete when it is empty.

    `manifests` are short ids of the manifest's accepted versions.
    """

    missing: tuple[str, ...]
    inputs: tuple[Input, ...]
    revision: str
    order: int
    completed_at: str
    without: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class GateOutcome:
    """What one look at the gate led to.

    `claimed`: another writer has it. `pending`: the engine has no room, the reconciler goes on.
    `unknown`: the engine's answer was lost, the reconciler finds out.
    """

    state: State
    batch: str
    missing: tuple[str, ...] = ()
    revision: str | None = None


def named(missing: Sequence[str]) -> dict[str, object]:
    """What a log line says of what is missing: the first names, and how many there are."""
    return {"missing": list(missing[:NAMED]), "missing_count": len(missing)}


def decide(required: tuple[str, ...], index: Arrivals, force: Force | None = None) -> Decision:
    """Whether a batch is complete. With a manifest, exactly its files are waited for.

    Files that have only landed are waited for like others, but make no part of the revision. A
    manifest does not replace the required datasets: one that names no file of a dataset leaves that
    dataset missing. A force takes datasets and stems out of what is waited for.
    """
    without = frozenset(force.without) if force else frozenset()
    wanted = tuple(name for name in required if name not in without)
    if index.manifest is None:
        stems = tuple(sorted(index.files))
        absent: tuple[str, ...] = ()
    else:
        listed = tuple(sorted(set(index.manifest.files)))
        stems = tuple(stem for stem in listed if stem in index.files)
        absent = tuple(
            stem
            for stem in listed
            if stem not in index.files
            and stem not in index.landed
            and not without & {stem, keys.file_of_stem(index.batch, stem).dataset}
        )
    inputs = tuple(_input(index, stem) for stem in stems)
    present = {item.dataset for item in inputs} | {
        keys.file_of_stem(index.batch, stem).dataset for stem in absent
    }
    missing = tuple(name for name in wanted if name not in present) + absent
    if not inputs:
        missing = missing or wanted or required
    return Decision(
        missing=missing,
        inputs=inputs,
        revision=revision_id(inputs),
        order=index.generation,
        completed_at=max((index.files[stem].accepted_at for stem in stems), default=""),
        without=tuple(sorted(without)),
        manifests=index.accepted.get(arrivals.MANIFEST, ()),
    )


def revision_id(inputs: tuple[Input, ...]) -> str:
    """Sixteen hex digits that stand for a set of files in certain versions."""
    lines = sorted(f"{item.stem} {item.bronze_version}\n" for item in inputs)
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]


def first_claim(
    batch: str, decision: Decision, contract: Contract, chosen: tuple[Engine, EngineBy], at: str
) -> Claim:
    """The claim of a revision that nobody has claimed yet; it has no owner."""
    engine, by = chosen
    return Claim(
        batch=batch,
        revision=decision.revision,
        order=decision.order,
        inputs=decision.inputs,
        attempt=1,
        attempts_allowed=contract.gate.max_attempts,
        state="starting",
        owner="",
        claimed_at=at,
        completed_at=decision.completed_at,
        without=decision.without,
        engine=engine,
        engine_by=by,
    )


@dataclass(frozen=True)
class Gate:
    """The one door to a run: where claims are made and attempts are started.

    `starters` are the engines that are deployed. `announced` says whether a manifest of a batch
    stands in bronze that can be used, and is none of the versions with those short ids.
    """

    store: Store
    starters: Mapping[Engine, Starter]
    contract: Contract
    announced: Callable[[str, tuple[str, ...]], bool]

    def advance(self, batch: str, now: datetime, *, index: Arrivals | None = None) -> GateOutcome:
        """Take a batch through the gate if it is complete: one claim, one start.

        `index` spares the one read when the caller has just written it. Incomplete costs nothing
        else.
        """
        required = self.contract.gate.required
        if index is None:
            stored = arrivals.load(self.store, batch)
            if stored is None:
                return GateOutcome("incomplete", batch, required)
            index = stored.record
        decision = decide(required, index)
        if not decision.complete:
            return GateOutcome("incomplete", batch, decision.missing)
        return self.claim(batch, decision, now)

    def claim(self, batch: str, decision: Decision, now: datetime) -> GateOutcome:
        """Claim the decided revision and start it, unless another writer holds it.

        Notifications come in any order: what has just become complete waits for the event of a
        manifest that was in bronze before. Raises EngineError before anything is claimed for an
        engine that is not deployed.
        """
        patience = timedelta(seconds=self.contract.gate.claim_stale_seconds)
        fresh = now - codec.moment(decision.completed_at) < patience
        if fresh and self.announced(batch, decision.manifests):
            return GateOutcome("incomplete", batch, (self.contract.keys.manifest,))
        chosen = choose(self.contract, decision.inputs, self.starters)
        self.starter(chosen[0])
        claim = first_claim(batch, decision, self.contract, chosen, codec.stamp(now))
        claim = replace(claim, owner=uuid.uuid4().hex)
        stored = claims.acquire(self.store, claim)
        if stored is None:
            return GateOutcome("claimed", batch, revision=decision.revision)
        return GateOutcome(self.start(stored, now), batch, revision=decision.revision)

    def start(self, stored: Stored[Claim], now: datetime) -> StartResult:
        """Start the attempt of a claim by its engine; only the claim's owner may call this."""
        return start(self.store, self.starter(stored.record.engine), stored, now)

    def starter(self, engine: Engine) -> Starter:
        """The engine of that name. Raises EngineError when it is not deployed (any more)."""
        try:
            return self.starters[engine]
        except KeyError:
            raise EngineError(f"engine {engine} is not deployed") from None

    def live(self) -> frozenset[str]:
        """Ids of the runs of all engines that are known to be writing."""
        return frozenset().union(*(starter.live() for starter in self.starters.values()))

    def refresh(self) -> None:
        """Have each engine look anew: a call of the reconciler begins."""
        for starter in self.starters.values():
            starter.refresh()


def _input(index: Arrivals, stem: str) -> Input:
    file = keys.file_of_stem(index.batch, stem)
    arrival = index.files[stem]
    return Input(
        dataset=file.dataset,
        stem=stem,
        silver_key=keys.silver(file, keys.short_version(arrival.version_id)),
        bronze_key=arrival.key,
        bronze_version=arrival.version_id,
        size=arrival.size if arrival.bytes_after is None else arrival.bytes_after,
        casts=arrival.casts,
        etag=arrival.etag,
        checksum=arrival.checksum,
    )
