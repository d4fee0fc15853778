"""Takes one object version from bronze to its end: recorded in silver, or refused with a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from lakegate.aws import codec
from lakegate.aws.store import Store
from lakegate.contract import Contract
from lakegate.files import manifest, naming, rejection
from lakegate.files.convert.chain import Content, Conversion
from lakegate.files.convert.examine import examined
from lakegate.files.convert.silver import Upload
from lakegate.files.convert.wrappers import NamedLaterError
from lakegate.files.errors import FileFault, OutOfTimeError, UnreadableError
from lakegate.files.event import ObjectRef
from lakegate.files.move import Lake, Read
from lakegate.files.naming import Leftover, ManifestName
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Rejected, Verdict
from lakegate.files.verdicts import full
from lakegate.files.verdicts import sampled as decide
from lakegate.files.verdicts.sampled import Window
from lakegate.files.verdicts.tally import File
from lakegate.files.verdicts.watch import LINE_ENDS, Watch, watching
from lakegate.ledger import arrivals, keys
from lakegate.ledger.arrivals import Seen
from lakegate.ledger.keys import FileName
from lakegate.ledger.records import Arrival, Arrivals, Manifest

EMPTY_FIX = (
    "Upload at least one record. If nothing happened, have the batch go on without the dataset, "
    '`lakegate force {batch} --without {dataset} --reason "nothing happened"`, or say '
    "`may_be_empty: true` under `datasets.{dataset}` of pipeline.yaml."
)


@dataclass(frozen=True)
class Opened:
    """A version whose beginning was read, and what it holds as far as that shows."""

    ref: ObjectRef
    name: FileName
    head: Read
    content: Content

    @property
    def silver_key(self) -> str:
        """Where the version lies in silver once it is accepted."""
        return keys.silver(self.name, keys.short_version(self.ref.version_id))


@dataclass(frozen=True)
class Judged:
    """The verdict on a version, None if it was accepted before; `seen` once it is in silver."""

    verdict: Verdict | None
    content: Content
    seen: Seen | None = None
    written: int = 0
    etag: str = ""


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
    content: Content | None = None


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
        empty = self.contract.datasets[name.dataset].may_be_empty
        if ref.size is not None and (
            refused := decide.size(ref.size, self.contract, may_be_empty=empty)
        ):
            return Outcome(ref, refused, name.batch, name.dataset, ref.size)
        file = self._open(ref, name)
        if isinstance(file, Rejected):
            return Outcome(ref, file, name.batch, name.dataset, ref.size)
        judged = self._copy(file) if file.content.is_plain else self._convert(file)
        outcome = Outcome(ref, judged.verdict, name.batch, name.dataset, file.head.size)
        if judged.seen is None:
            return outcome
        if judged.verdict is None:
            return replace(outcome, index=judged.seen.index)
        arrival = Arrival(
            key=ref.key,
            version_id=ref.version_id,
            size=file.head.size,
            last_modified=codec.stamp(file.head.last_modified),
            accepted_at=codec.stamp(now),
            sequencer=ref.sequencer,
            after=ref.after,
            name=name.name,
            shape=judged.content.shape.kind.value,
            encoding=judged.content.codec,
            compression=judged.content.compression,
            bytes_before=file.head.size,
            bytes_after=judged.written,
            casts=judged.content.casts,
            etag=judged.etag,
        )
        landed = not self.contract.makes_revisions(name.dataset)
        index = arrivals.record(self.store, name, arrival, landed=landed, seen=judged.seen)
        if taken := _taken(index, ref, name):
            return replace(outcome, verdict=taken)
        return replace(outcome, index=index, content=judged.content)

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

    def _open(self, ref: ObjectRef, name: FileName) -> Opened | Rejected:
        """The beginning of a version, read until its shape shows."""
        limits = self.contract.limits
        head = self.lake.read(ref, 0, limits.window_bytes, empty=ref.size == 0)
        empty = self.contract.datasets[name.dataset].may_be_empty
        refused = decide.size(head.size, self.contract, may_be_empty=empty)
        content = refused or examined(self.contract, name.dataset, head.data, head.size)
        if content is None:
            wide = min(head.size, limits.max_line_bytes + LINE_ENDS)
            more = self.lake.read(ref, len(head.data), wide).data
            head = replace(head, data=head.data + more)
            content = examined(self.contract, name.dataset, head.data, head.size)
        assert content is not None
        return content if isinstance(content, Rejected) else Opened(ref, name, head, content)

    def _copy(self, file: Opened) -> Judged:
        """Judge lines, and have S3 copy them as they are."""
        verdict = self._judge(file)
        if isinstance(verdict, Rejected):
            return Judged(verdict, file.content)
        seen = arrivals.look(self.store, file.name.batch)
        if taken := _taken(seen.index, file.ref, file.name):
            return Judged(taken, file.content)
        etag = self.lake.promote(file.ref, file.silver_key)
        return Judged(verdict, file.content, seen, file.head.size, etag)

    def _judge(self, file: Opened) -> Verdict:
        lines = File(self.contract, file.name.dataset)
        if self.contract.validation == "full":
            chunks = self.lake.chunks(file.ref, file.head.data, file.head.size)
            chunks = full.in_time(chunks, file.head.size, self.spent)
            return full.streamed(lines, file.head.size, chunks)
        return decide.sampled(lines, file.head.size, self._windows(file.ref, file.head))

    def _convert(self, file: Opened) -> Judged:
        """Turn a file into lines in silver, judged as they pass by; one more look at its name."""
        seen = arrivals.look(self.store, file.name.batch)
        if taken := _taken(seen.index, file.ref, file.name):
            return Judged(taken, file.content)
        if seen.has(file.name.stem, file.ref.version_id):
            return Judged(None, file.content, seen)
        read = partial(self.lake.chunks, file.ref, file.head.data, file.head.size)
        limits, dataset = self.contract.limits, self.contract.datasets[file.name.dataset]
        conversion = Conversion(read, file.name.dataset, dataset, limits)
        while True:
            with self.lake.upload(file.silver_key) as upload:
                try:
                    verdict = self._passing(conversion, file, upload)
                except NamedLaterError:
                    conversion = conversion.anew()
                    continue
                if isinstance(verdict, Rejected):
                    return Judged(verdict, conversion.content)
                seen = arrivals.look(self.store, file.name.batch)
                if taken := _taken(seen.index, file.ref, file.name):
                    return Judged(taken, conversion.content)
                etag = upload.finish()
                return Judged(verdict, conversion.content, seen, upload.size, etag)

    def _passing(self, conversion: Conversion, file: Opened, upload: Upload) -> Verdict:
        """The verdict on the lines that come out of a conversion while they are sent."""
        watch: Watch | None = None
        try:
            for lines in conversion.lines():
                if watch is None:
                    watch = watching(self.contract, file.name.dataset, conversion.content)
                watch.feed(lines)
                upload.write(lines)
                if self.spent():
                    raise OutOfTimeError(conversion.unpacked, file.head.size)
        except FileFault as fault:
            return Rejected(fault.code, fault.detail, None, fault.record)
        watch = watch or watching(self.contract, file.name.dataset, conversion.content)
        return watch.verdict()

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
        if outcome.verdict.code is Code.EMPTY and outcome.dataset in self.contract.datasets:
            going_on = EMPTY_FIX.format(batch=outcome.batch, dataset=outcome.dataset)
            outcome = replace(outcome, verdict=replace(outcome.verdict, fix=going_on))
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
