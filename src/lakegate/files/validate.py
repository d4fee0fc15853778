"""Takes one object version from bronze to its end: recorded in silver, or refused with a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from lakegate.aws import codec
from lakegate.aws.store import Store
from lakegate.contract import Contract
from lakegate.files import manifest, naming, rejection
from lakegate.files.convert.chain import Content
from lakegate.files.convert.wrappers import NamedLaterError
from lakegate.files.errors import UnreadableError
from lakegate.files.event import ObjectRef
from lakegate.files.move import Lake, Read
from lakegate.files.naming import Leftover, ManifestName
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Rejected, Verdict
from lakegate.files.verdicts import sampled as decide
from lakegate.files.verdicts.judging import Opened, opened
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
class Version:
    """One version of a file in bronze, as a source of bytes, with what S3 told of it."""

    lake: Lake
    ref: ObjectRef
    name: FileName
    first: Read

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self.first.size

    @property
    def silver_key(self) -> str:
        """Where the version lies in silver once it is accepted."""
        return keys.silver(self.name, keys.short_version(self.ref.version_id))

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` to `stop`, exclusive."""
        return self.lake.read(self.ref, start, stop).data

    def chunks(self, first: bytes) -> Iterator[bytes]:
        """All bytes, of which the first were read already."""
        return self.lake.chunks(self.ref, first, self.size)

    def taken(self, index: Arrivals | None) -> Rejected | None:
        """The verdict on another name of a file that is there already, None where there is none."""
        holder, stem = arrivals.holder(index, self.name.stem), self.name.stem
        if holder in {None, self.ref.key}:
            return None
        return Rejected(Code.NAME_TAKEN, f"{holder} was accepted first and is {stem} of the batch")


@dataclass(frozen=True)
class Judged:
    """The verdict on a version, None if it was accepted before; `seen` once it is in silver."""

    verdict: Verdict | None
    content: Content
    seen: Seen | None = None
    written: int = 0
    etag: str = ""
    records: int | None = None


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
        if outcome.verdict.code is Code.NAME_TAKEN and isinstance(name, FileName):
            # It may have been copied before the other name was recorded.
            self.lake.discard(keys.silver(name, short))
        return self._refuse(outcome, stem, now)

    def announced(self, batch: str, known: tuple[str, ...]) -> bool:
        """Whether a manifest stands in bronze that can be used and is no known version.

        `known` are short ids. One request.
        """
        longest = self.contract.limits.max_line_bytes + 1
        found = self.lake.standing(naming.manifest(batch, self.contract), longest)
        if found is None or keys.short_version(found[0]) in known:
            return False
        return not isinstance(manifest.decide(self.contract, batch, found[1]), Rejected)

    def _file(self, ref: ObjectRef, name: FileName, now: datetime) -> Outcome:
        empty = self.contract.datasets[name.dataset].may_be_empty
        if ref.size is not None and (
            refused := decide.size(ref.size, self.contract, may_be_empty=empty)
        ):
            return Outcome(ref, refused, name.batch, name.dataset, ref.size)
        head = self.lake.read(ref, 0, self.contract.limits.window_bytes, empty=ref.size == 0)
        version = Version(self.lake, ref, name, head)
        file = opened(self.contract, name.dataset, version, head.data)
        if isinstance(file, Rejected):
            return Outcome(ref, file, name.batch, name.dataset, head.size)
        act = self._copy if file.content.is_plain else self._convert
        judged = act(version, file)
        outcome = Outcome(ref, judged.verdict, name.batch, name.dataset, head.size)
        if judged.seen is None:
            return outcome
        if judged.verdict is None:
            return replace(outcome, index=judged.seen.index)
        arrival = Arrival(
            key=ref.key,
            version_id=ref.version_id,
            size=head.size,
            last_modified=codec.stamp(head.last_modified),
            accepted_at=codec.stamp(now),
            sequencer=ref.sequencer,
            after=ref.after,
            name=name.name,
            shape=judged.content.shape.kind.value,
            encoding=judged.content.codec,
            compression=judged.content.compression,
            bytes_before=head.size,
            bytes_after=judged.written,
            casts=judged.content.casts,
            etag=judged.etag,
            records=judged.records,
        )
        landed = not self.contract.makes_revisions(name.dataset)
        index = arrivals.record(self.store, name, arrival, landed=landed, seen=judged.seen)
        if taken := version.taken(index):
            return replace(outcome, verdict=taken)
        return replace(outcome, index=index, content=judged.content)

    def _manifest(self, ref: ObjectRef, name: ManifestName, now: datetime) -> Outcome:
        longest = self.contract.limits.max_line_bytes + 1
        head = self.lake.read(ref, 0, longest, empty=ref.size == 0)
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

    def _copy(self, version: Version, file: Opened) -> Judged:
        """Judge lines, and have S3 copy them as they are."""
        verdict = file.judged(self.spent)
        if isinstance(verdict, Rejected):
            return Judged(verdict, file.content)
        seen = arrivals.look(self.store, version.name.batch)
        if taken := version.taken(seen.index):
            return Judged(taken, file.content)
        etag = self.lake.promote(version.ref, version.silver_key)
        return Judged(verdict, file.content, seen, version.size, etag)

    def _convert(self, version: Version, file: Opened) -> Judged:
        """Turn a file into lines in silver, judged as they pass by; one more look at its name."""
        seen = arrivals.look(self.store, version.name.batch)
        if taken := version.taken(seen.index):
            return Judged(taken, file.content)
        if seen.has(version.name.stem, version.ref.version_id):
            return Judged(None, file.content, seen)
        conversion = file.conversion()
        while True:
            with self.lake.upload(version.silver_key) as upload:
                try:
                    verdict = file.passing(conversion, upload.write, self.spent)
                except NamedLaterError:
                    conversion = conversion.anew()
                    continue
                if isinstance(verdict, Rejected):
                    return Judged(verdict, conversion.content)
                seen = arrivals.look(self.store, version.name.batch)
                if taken := version.taken(seen.index):
                    return Judged(taken, conversion.content)
                etag = upload.finish()
                content, records = conversion.content, conversion.records
                return Judged(verdict, content, seen, upload.size, etag, records)

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
