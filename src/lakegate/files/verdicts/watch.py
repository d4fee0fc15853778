"""Judges lines as they pass by on their way to silver, as a file of them would be judged."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from lakegate.contract import Contract
from lakegate.files.convert.chain import Content
from lakegate.files.verdict import Rejected, Verdict
from lakegate.files.verdicts.full import Every
from lakegate.files.verdicts.sampled import Window, sampled
from lakegate.files.verdicts.tally import File

# Those of the line before and of the longest line itself.
LINE_ENDS = 2


def watching(contract: Contract, dataset: str, content: Content) -> Watch:
    """What judges the lines that come out of a file of that content."""
    file = File(contract, dataset, content.casts, content.shape.header)
    if contract.validation == "full":
        return Watch(file, every=Every(file, contract.limits.max_convert_bytes))
    return Watch(file)


@dataclass
class Watch:
    """Keeps the windows of what passes by, or judges `every` line of it.

    Places in the file are unknown by then; a line's number counts the records.
    """

    file: File
    every: Every | None = None
    _first: bytes = b""
    _last: deque[bytes] = field(default_factory=deque)
    _kept: int = 0
    _count: int = 0

    def feed(self, lines: bytes) -> None:
        """Take the next lines."""
        self._count += len(lines)
        if self.every is not None:
            self.every.feed(lines)
            return
        wide = self.file.contract.limits.max_line_bytes + LINE_ENDS
        if len(self._first) < wide:
            self._first += lines[: wide - len(self._first)]
        self._last.append(lines)
        self._kept += len(lines)
        while self._kept - len(self._last[0]) >= wide:
            self._kept -= len(self._last.popleft())

    def verdict(self) -> Verdict:
        """The verdict on what passed by."""
        if self.every is not None:
            verdict = self.every.verdict()
        else:
            verdict = sampled(self.file, self._count, self._windows())
        return replace(verdict, offset=None) if isinstance(verdict, Rejected) else verdict

    def _windows(self) -> list[Window]:
        """First and last window; one without a line end is widened to the longest legal line."""
        window = self.file.contract.limits.window_bytes
        first, kept = self._first[:window], b"".join(self._last)
        if b"\n" not in first:
            first = self._first
        if self._count <= len(first) + window:
            return [Window(0, first + kept[len(kept) - self._count + len(first) :])]
        last = kept[-window:]
        if b"\n" not in last.removesuffix(b"\n"):
            last = kept[max(0, len(kept) - self._count + len(first)) :]
        return [Window(0, first), Window(self._count - len(last), last)]
