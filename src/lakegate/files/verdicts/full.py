"""Judges every line of a file as it streams by, in memory that does not grow with the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from lakegate.files.errors import OutOfTimeError
from lakegate.files.lines.judge import is_blank
from lakegate.files.lines.parse import BLANK
from lakegate.files.lines.proof.skipping import Skipper
from lakegate.files.verdict import Rejected, Verdict
from lakegate.files.verdicts.tally import File, Line, Tally

# Bad lines that are worth reading on for: they are listed and counted, and the end may be cut off.
FEW = 10_000
BLANK_LINES = re.compile(rb"(?:[ \t\r]*+\n)++")


def streamed(file: File, size: int, chunks: Iterable[bytes]) -> Verdict:
    """The verdict on all lines of a file of at most `size` bytes.

    A refusal has the first offending lines and totals per reason. Reading ends where so many lines
    are bad that the rest of the file cannot outweigh them.
    """
    every = Every(file, size)
    for chunk in chunks:
        every.feed(chunk)
        if every.is_lost:
            break
    return every.verdict()


def in_time(chunks: Iterable[bytes], size: int, spent: Callable[[], bool]) -> Iterator[bytes]:
    """The chunks of a file of `size` bytes as long as the call has time for more.

    Raises OutOfTimeError then: the platform would end the call without a word.
    """
    read = 0
    for chunk in chunks:
        read += len(chunk)
        if read < size and spent():
            raise OutOfTimeError(read, size)
        yield chunk


@dataclass
class Every:
    """All lines of a file of at most `size` bytes, fed in chunks."""

    file: File
    size: int
    tally: Tally = field(init=False)
    number: int = 1
    _read: int = 0
    _lines: Lines = field(init=False)

    def __post_init__(self) -> None:
        contract = self.file.contract
        dataset = contract.datasets[self.file.dataset]
        self.tally = Tally(self.file)
        self._judge = self.file.judge
        casts = self.file.casts or dataset.casts
        self._skipper = Skipper(dataset, contract.limits, casts=casts)
        self._lines = Lines(contract.limits.max_line_bytes)
        # A good line has at least its required keys, each with a value of a character.
        keys = sum(len(column.path[0]) + 5 for column in dataset.required)
        self._shortest = 2 + keys

    @property
    def is_lost(self) -> bool:
        """Whether so many lines are bad that no rest of the file can outweigh them."""
        if self.tally.bad < FEW:
            return False
        most = self.tally.lines + max(0, self.size - self._read) / self._shortest
        return self.tally.is_lost(most)

    def feed(self, chunk: bytes) -> None:
        """Judge the lines that end in the next bytes of the file."""
        self._read += len(chunk)
        for offset, block in self._lines.feed(chunk):
            self._block(offset, block, at_end=False)

    def verdict(self) -> Verdict:
        """The verdict on the file, after its last bytes."""
        for offset, block in self._lines.end():
            self._block(offset, block, at_end=True)
        verdict = self.tally.verdict(self.tally.lines)
        if isinstance(verdict, Rejected):
            offences = tuple(self.tally.offences)
            return replace(verdict, totals=dict(self.tally.reasons), offences=offences)
        return verdict

    def _block(self, offset: int, block: bytes, *, at_end: bool) -> None:
        """Judge the lines of a block that starts at a line's start."""
        plain, position = _is_utf8(block), 0
        while position < len(block):
            if block[position] in BLANK and (blank := BLANK_LINES.match(block, position)):
                self.number += block.count(b"\n", position, blank.end())
                position = blank.end()
                continue
            end = self._skipper.skip(block, position) if plain else position
            if end > position:
                count = block.count(b"\n", position, end)
                self.tally.lines, self.number = self.tally.lines + count, self.number + count
            else:
                found = block.find(b"\n", position)
                end = found + 1 or len(block)
                data = block[position : end - (found >= 0)]
                if not is_blank(data):
                    last = at_end and found < 0
                    self._line(Line(offset + position, self.number, data, last))
                self.number += found >= 0
            position = end

    def _line(self, line: Line) -> None:
        """Judge one line exactly."""
        judged = self._judge.judge(line.data)
        self.tally.add(line, judged)
        if judged.reason is None:
            self._skipper.learn(line.data)


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass
class Lines:
    """Cuts a file that is fed in chunks at its line ends; of a longer line it gives the start."""

    longest: int
    _carry: bytes = b""
    _offset: int = 0
    _skipping: bool = False
    _dropped: int = 0

    def feed(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """Offset of a line's start, and all whole lines from there on."""
        data = self._carry + chunk if self._carry else chunk
        if self._skipping:
            end = data.find(b"\n")
            start = len(data) if end < 0 else end
            self._offset, data, self._skipping = self._offset + start, data[start:], end < 0
        if self._dropped and (end := data.find(b"\n") + 1):
            yield self._offset, data[:end]
            self._offset, data, self._dropped = self._offset + self._dropped + end, data[end:], 0
        cut = data.rfind(b"\n") + 1
        if cut:
            yield self._offset, data[:cut]
        self._offset, self._carry = self._offset + cut, data[cut:]
        if len(self._carry) > self.longest:
            yield from self._overlong()

    def end(self) -> Iterator[tuple[int, bytes]]:
        """The line without an end that the file ends with."""
        if self._carry:
            yield self._offset, self._carry

    def _overlong(self) -> Iterator[tuple[int, bytes]]:
        """So much of a line that it is seen to be too long, once it is seen to be no blank one."""
        text = self._carry.lstrip(BLANK)
        if text:
            yield self._offset, self._carry[: self.longest] + text[:1]
            self._offset += self._dropped + len(self._carry)
            self._carry, self._dropped, self._skipping = b"", 0, True
        else:
            self._dropped += len(self._carry) - self.longest
            self._carry = self._carry[-self.longest :]
