"""The verdict on a file before it is uploaded, from the code that judges it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lakegate.contract import Contract
from lakegate.files import manifest, naming
from lakegate.files.convert.chain import Content, Conversion
from lakegate.files.convert.wrappers import NamedLaterError
from lakegate.files.errors import FileFault
from lakegate.files.lines.judge import is_blank
from lakegate.files.naming import Leftover, ManifestName
from lakegate.files.verdict import Accepted, Rejected, Verdict
from lakegate.files.verdicts import sampled as decide
from lakegate.files.verdicts.full import Lines
from lakegate.files.verdicts.judging import Opened, opened
from lakegate.files.verdicts.tally import File, Line, Tally
from lakegate.ledger.keys import FileName

CHUNK_BYTES = 2**18


@dataclass(frozen=True)
class LocalFile:
    """A file of this machine as a source."""

    path: Path

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.path.stat().st_size

    def read(self, start: int, stop: int) -> bytes:
        """Its bytes from `start` to `stop`, exclusive."""
        with self.path.open("rb") as stream:
            stream.seek(start)
            return stream.read(stop - start)

    def chunks(self, first: bytes) -> Iterator[bytes]:
        """All its bytes, of which the first were read already."""
        yield first
        with self.path.open("rb") as stream:
            stream.seek(len(first))
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk


@dataclass(frozen=True)
class Checked:
    """What would become of a file; `verdict` is None for one that would be ignored.

    `lines`, `bad` (by reason) and `nulled` (by column) count every line, also where the validator
    would look at some only; `run_refused` if the job would refuse its run for them.
    """

    path: Path
    verdict: Verdict | None
    dataset: str = ""
    shape: str = ""
    encoding: str = ""
    compression: str = ""
    casts: str = ""
    lines: int = 0
    bad: dict[str, int] = field(default_factory=dict)
    nulled: dict[str, int] = field(default_factory=dict)
    run_refused: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether the file, or the run that reads it, would be refused."""
        return isinstance(self.verdict, Rejected) or self.run_refused


def check(contract: Contract, path: Path, dataset: str | None = None) -> Checked:
    """What would become of a file under its own name, or as one of a dataset."""
    name = naming.parse(path.name, contract)
    if isinstance(name, ManifestName):
        stems = manifest.decide(contract, name.batch, path.read_bytes())
        verdict: Verdict = stems if isinstance(stems, Rejected) else Accepted(len(stems))
        return Checked(path, verdict, shape="manifest")
    if dataset is None and isinstance(name, Leftover):
        return Checked(path, None)
    if dataset is None and isinstance(name, Rejected):
        return Checked(path, name)
    of = dataset or (name.dataset if isinstance(name, FileName) else "")
    source, window = LocalFile(path), contract.limits.window_bytes
    if refused := decide.size(
        source.size, contract, may_be_empty=contract.datasets[of].may_be_empty
    ):
        return Checked(path, refused, of)
    file = opened(contract, of, source, source.read(0, window))
    return Checked(path, file, of) if isinstance(file, Rejected) else _judged(path, file)


def _judged(path: Path, file: Opened) -> Checked:
    conversion: Conversion | None = None
    content = file.content
    if content.is_plain:
        verdict = file.judged(lambda: False)
    else:
        conversion = file.conversion()
        try:
            verdict = file.passing(conversion, lambda _: None, lambda: False)
        except NamedLaterError:
            conversion = conversion.anew()
            verdict = file.passing(conversion, lambda _: None, lambda: False)
        content = conversion.content
    tally = _every(file, content, conversion)
    return Checked(
        path,
        verdict,
        file.dataset,
        content.shape.kind.value,
        content.codec,
        content.compression,
        content.casts or file.contract.datasets[file.dataset].casts,
        tally.lines,
        dict(tally.reasons),
        dict(tally.nulled),
        tally.is_lost(tally.lines),
    )


def _every(file: Opened, content: Content, conversion: Conversion | None) -> Tally:
    """All lines of a file, counted; as far as they can be read."""
    lines = File(file.contract, file.dataset, content.casts, content.shape.header)
    tally, judge = Tally(lines), lines.judge
    cutter = Lines(file.contract.limits.max_line_bytes)
    number = 1

    def count(blocks: Iterator[tuple[int, bytes]]) -> None:
        nonlocal number
        for _, block in blocks:
            for data in block.removesuffix(b"\n").split(b"\n"):
                if not is_blank(data):
                    tally.add(Line(0, number, data), judge.judge(data))
                number += 1

    try:
        for chunk in conversion.lines() if conversion else file.source.chunks(file.head):
            count(cutter.feed(chunk))
        count(cutter.end())
    except FileFault:
        # The verdict says so.
        return tally
    return tally
