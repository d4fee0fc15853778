"""Judges a file wherever it lies: found out, read as far as the contract asks, converted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from lakegate.contract import Contract
from lakegate.files.convert.chain import Content, Conversion
from lakegate.files.convert.examine import examined
from lakegate.files.errors import FileFault, OutOfTimeError
from lakegate.files.verdict import Rejected, Verdict
from lakegate.files.verdicts import full
from lakegate.files.verdicts import sampled as decide
from lakegate.files.verdicts.sampled import Window
from lakegate.files.verdicts.tally import File
from lakegate.files.verdicts.watch import LINE_ENDS, Watch, watching


class Source(Protocol):
    """The bytes of one file."""

    @property
    def size(self) -> int:
        """How many there are."""

    def read(self, start: int, stop: int) -> bytes:
        """Those from `start` to `stop`, exclusive."""

    def chunks(self, first: bytes) -> Iterator[bytes]:
        """All of them, of which the first were read already, a little at a time."""


@dataclass(frozen=True)
class Opened:
    """A file of a dataset whose beginning was read, and what it holds as far as that shows."""

    contract: Contract
    dataset: str
    source: Source
    head: bytes
    content: Content

    def judged(self, spent: Callable[[], bool]) -> Verdict:
        """The verdict on plain lines, read as far as the contract asks."""
        lines, size = File(self.contract, self.dataset), self.source.size
        if self.contract.validation == "full":
            chunks = full.in_time(self.source.chunks(self.head), size, spent)
            return full.streamed(lines, size, chunks)
        return decide.sampled(lines, size, self._windows())

    def conversion(self) -> Conversion:
        """What turns any other content into lines."""
        dataset = self.contract.datasets[self.dataset]
        return Conversion(
            lambda: self.source.chunks(self.head), self.dataset, dataset, self.contract.limits
        )

    def passing(
        self, conversion: Conversion, write: Callable[[bytes], None], spent: Callable[[], bool]
    ) -> Verdict:
        """The verdict on the lines that come out of a conversion, while they are written."""
        watch: Watch | None = None
        try:
            for lines in conversion.lines():
                if watch is None:
                    watch = watching(self.contract, self.dataset, conversion.content)
                watch.feed(lines)
                write(lines)
                if spent():
                    raise OutOfTimeError(conversion.unpacked, self.source.size)
        except FileFault as fault:
            return Rejected(fault.code, fault.detail, None, fault.record)
        watch = watch or watching(self.contract, self.dataset, conversion.content)
        return watch.verdict()

    def _windows(self) -> list[Window]:
        """First and last window; one without a line end is widened to the longest legal line."""
        limits, size = self.contract.limits, self.source.size
        first, wide = self.head, limits.max_line_bytes + LINE_ENDS
        if len(first) < min(size, wide) and b"\n" not in first:
            first += self.source.read(len(first), min(size, wide))
        start = max(len(first), size - limits.window_bytes)
        if start >= size:
            return [Window(0, first)]
        last = self.source.read(start, size)
        if start > len(first) and b"\n" not in last.removesuffix(b"\n"):
            wider = max(len(first), size - wide)
            last = self.source.read(wider, start) + last
            start = wider
        return [Window(0, first), Window(start, last)]


def opened(contract: Contract, dataset: str, source: Source, head: bytes) -> Opened | Rejected:
    """A file whose first window was read, read on until its shape shows; or why it is refused."""
    limits, size = contract.limits, source.size
    may_be_empty = contract.datasets[dataset].may_be_empty
    if refused := decide.size(size, contract, may_be_empty=may_be_empty):
        return refused
    content = examined(contract, dataset, head, size)
    if content is None:
        head += source.read(len(head), min(size, limits.max_line_bytes + LINE_ENDS))
        content = examined(contract, dataset, head, size)
    assert content is not None
    if isinstance(content, Rejected):
        return content
    return Opened(contract, dataset, source, head, content)
