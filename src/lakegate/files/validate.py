"""Takes one object version from bronze to its end: recorded in silver, or refused with a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from lakegate.aws import codec
from lakegate.aws.store import Store
from lakegate.contract import Contract
from lakegate.files import manifest, naming, rejection
from lakegate.files.errors import UnreadableError
from lakegate.files.event import ObjectRef
from lakegate.files.lines import full
from lakegate.files.lines import sampled as decide
from lakegate.files.lines.sampled import Window
from lakegate.files.move import Lake, Read
from lakegate.files.naming import Leftover, ManifestName
from lakegate.files.reasons import Code
from lakegate.files.sniff import sniff
from lakegate.files.verdict import Accepted, Rejected, Verdict
from lakegate.ledger import arrivals, keys
from lakegate.ledger.keys import FileName
from lakegate.ledger.records import Arrival, Arrivals, Manifest

# Those of the line before and of the longest line itself.
LINE_ENDS = 2


@dataclass(frozen=True)
class Outcome:
    """What became of one version; `index` is the batch's index after an accepted one.

    `verdict` is None for what a tool left beside files, of which nothing is kept, and for a version
    that was accepted before, whatever it would be called now. `size` in bytes.
    """

    ref: ObjectRef
    verdict: Verdict | None
    batch: str
    dataset: str
    size: int | None = None
    index: Arrivals | None = None


@dataclass(frozen=True)
class Validator:
    """The contract, the places that files come from and go to, and whether time is `spent`."""

    contract: Contract
    lake: Lake
    store: Store
    spent: Callable[[], bool] = lambda: False

    def process(self, ref: ObjectRef, now: datetime) -> Outcome:
        """Judge, copy and record one version. Safe to repeat; AWS trouble propagates as it is."""
        name = naming.parse(ref.key, self.contract)
        unknown = self.contract.keys.unknown_batch
        if isinstance(name, Leftover):
            return Outcome(ref, None, unknown, unknown, ref.size)
        if isinstance(name, Rejected):
            outcome = Outcome(ref, name, unknown, unknown, ref.size)
            return self._refuse(outcome, rejection.unknown_stem(ref.key), now)
        dataset = name.dataset if isinstance(name, FileName) else arrivals.MANIFEST
        stem = name.stem if isinstance(name, FileName) else arrivals.MANIFEST
        try:
            if isinstance(name, FileName):
                outcome = self._file(ref, name, now)
            else:
                outcome = self._manifest(ref, name, now)
        except UnreadableError as error:
            verdict = Rejected(error.code, error.detail)
            outcome = Outcome(ref, verdict, name.batch, dataset, ref.size)
        if not isinstance(outcome.verdict, Rejected):
            return outcome
        stored = arrivals.load(self.store, name.batch)
        short = keys.short_version(ref.version_id)
        if stored is not None and short in stored.record.accepted.get(stem, ()):
            # Delivered again after its deletion, or under another contract: one verdict is enough.
            return replace(outcome, verdict=None, index=stored.record)
        return self._refuse(outcome, stem, now)

    def _file(self, ref: ObjectRef, name: FileName, now: datetime) -> Outcome:
        contract = self.contract
        if ref.size is not None and (refused := decide.size(ref.size, contract)):
            return Outcome(ref, refused, name.batch, name.dataset, ref.size)
        head = self.lake.read(ref, 0, contract.limits.window_bytes)
        verdict = decide.size(head.size, contract) or self._judge(ref, name.dataset, head)
        if isinstance(verdict, Rejected):
            return Outcome(ref, verdict, name.batch, name.dataset, head.size)
        seen = arrivals.look(self.store, name.batch)
        if taken := _taken(seen.index, ref, name):
            return Outcome(ref, taken, name.batch, name.dataset, head.size)
        self.lake.promote(ref, keys.silver(name, keys.short_version(ref.version_id)))
        arrival = Arrival(
            key=ref.key,
            version_id=ref.version_id,
            size=head.size,
            last_modified=codec.stamp(head.last_modified),
            accepted_at=codec.stamp(now),
            sequencer=ref.sequencer,
            after=ref.after,
        )
        landed = not contract.makes_revisions(name.dataset)
        index = arrivals.record(self.store, name, arrival, landed=landed, seen=seen)
        if taken := _taken(index, ref, name):
            return Outcome(ref, taken, name.batch, name.dataset, head.size)
        return Outcome(ref, verdict, name.batch, name.dataset, head.size, index)

    def _manifest(self, ref: ObjectRef, name: ManifestName, now: datetime) -> Outcome:
        head = self.lake.read(ref, 0, self.contract.limits.max_line_bytes + 1)
        stems = manifest.decide(self.contract, name.batch, head.data)
        if isinstance(stems, Rejected):
            return Outcome(ref, stems, name.batch, arrivals.MANIFEST, head.size)
        record = Manifest(
            key=ref.key,
            version_id=ref.version_id,
            files=stems,
            last_modified=codec.stamp(head.last_modified),
            accepted_at=codec.stamp(now),
            sequencer=ref.sequencer,
            after=ref.after,
        )
        index = arrivals.record_manifest(self.store, name.batch, record)
        verdict = Accepted(lines=len(stems))
        return Outcome(ref, verdict, name.batch, arrivals.MANIFEST, head.size, index)

    def _judge(self, ref: ObjectRef, dataset: str, head: Read) -> Verdict:
        if (refused := sniff(head.data)) is not None:
            return refused
        if self.contract.validation == "full":
            chunks = self.lake.chunks(ref, head.data, head.size)
            chunks = full.in_time(chunks, head.size, self.spent)
            return full.streamed(self.contract, dataset, chunks)
        windows = self._windows(ref, head)
        return decide.sampled(self.contract, dataset, head.size, windows)

    def _windows(self, ref: ObjectRef, head: Read) -> list[Window]:
        """First and last window; one without a line end is widened to the longest legal line."""
        limits, size = self.contract.limits, head.size
        first, wide = head.data, limits.max_line_bytes + LINE_ENDS
        if len(first) < min(size, wide) and b"\n" not in first:
            first += self.lake.read(ref, len(first), min(size, wide)).data
        start = max(len(first), size - limits.window_bytes)
        if start >= size:
            return [Window(0, first)]
        last = self.lake.read(ref, start, size).data
        if start > len(first) and b"\n" not in last.removesuffix(b"\n"):
            wider = max(len(first), size - wide)
            last = self.lake.read(ref, wider, start).data + last
            start = wider
        return [Window(0, first), Window(start, last)]

    def _refuse(self, outcome: Outcome, stem: str, now: datetime) -> Outcome:
        assert isinstance(outcome.verdict, Rejected)
        key = keys.rejection(outcome.batch, stem, keys.short_version(outcome.ref.version_id))
        record = rejection.record(
            outcome.ref, self.lake.bronze, outcome.size, outcome.verdict, self.contract, now
        )
        self.lake.refuse(key, record)
        return outcome


def _taken(index: Arrivals | None, ref: ObjectRef, name: FileName) -> Rejected | None:
    """The verdict on another name of a file that is there already, None where there is none."""
    holder = arrivals.holder(index, name.stem)
    if holder in {None, ref.key}:
        return None
    return Rejected(Code.NAME_TAKEN, f"{holder} was accepted first and is {name.stem} of the batch")
