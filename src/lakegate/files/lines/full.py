"""Judges every line of a file as it streams by, in memory that does not grow with the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from lakegate.contract import Contract
from lakegate.files.errors import OutOfTimeError
from lakegate.files.lines.judge import Judge, is_blank
from lakegate.files.lines.parse import BLANK
from lakegate.files.lines.proof.skipping import Skipper
from lakegate.files.lines.sampled import Line, refusal, tally
from lakegate.files.verdict import Offence, Rejected, Verdict

REPORTED = 20
BLANK_LINES = re.compile(rb"(?:[ \t\r]*+\n)++")


def streamed(contract: Contract, dataset: str, chunks: Iterable[bytes]) -> Verdict:
    """The verdict on all lines; a refusal has the first offending lines and totals per reason."""
    judge = _Judge(contract, dataset)
    for offset, block, at_end in blocks(chunks, contract.limits.max_line_bytes):
        judge.block(offset, block, at_end)
    return judge.verdict()


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
class _Judge:
    contract: Contract
    dataset: str
    judged: int = 0
    number: int = 1
    bad: Counter[str] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    offences: list[Offence] = field(default_factory=list)
    refused: Rejected | None = None
    first_bad: Line | None = None

    def __post_init__(self) -> None:
        dataset = self.contract.datasets[self.dataset]
        self.judge = Judge(dataset, self.contract.limits)
        self.skipper = Skipper(dataset, self.contract.limits)

    def block(self, offset: int, block: bytes, at_end: bool) -> None:
        """Judge the lines of a block that starts at a line's start."""
        plain, position = _is_utf8(block), 0
        while position < len(block):
            if block[position] in BLANK and (blank := BLANK_LINES.match(block, position)):
                self.number += block.count(b"\n", position, blank.end())
                position = blank.end()
                continue
            end = self.skipper.skip(block, position) if plain else position
            if end > position:
                count = block.count(b"\n", position, end)
                self.judged, self.number = self.judged + count, self.number + count
            else:
                found = block.find(b"\n", position)
                end = found + 1 or len(block)
                data = block[position : end - (found >= 0)]
                if not is_blank(data):
                    last = at_end and found < 0
                    self.line(Line(offset + position, self.number, data, last))
                self.number += found >= 0
            position = end

    def line(self, line: Line) -> None:
        """Judge one line exactly."""
        found = self.judge.judge(line.data)
        reason = found.reason
        if found.fault is not None:
            refusing = refusal(found.fault, line)
            self.refused = self.refused or refusing
            reason = refusing.code.value
        else:
            self.judged += 1
            if reason is None:
                self.skipper.learn(line.data)
                return
            self.bad[reason] += 1
            self.first_bad = self.first_bad or line._replace(data=b"")
        self.totals[reason] += 1
        if len(self.offences) < REPORTED:
            self.offences.append(Offence(reason, line.offset, line.number))

    def verdict(self) -> Verdict:
        """The verdict on the lines so far."""
        verdict = self.refused or tally(self.contract, self.judged, self.bad, self.first_bad)
        if isinstance(verdict, Rejected):
            return replace(verdict, totals=dict(self.totals), offences=tuple(self.offences))
        return verdict


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def blocks(chunks: Iterable[bytes], longest: int) -> Iterator[tuple[int, bytes, bool]]:
    """Offset, whole lines, and whether the file ends there; of an overlong line only its start.

    A line of blanks alone is nothing, however long it is; one that begins with more blanks than a
    line may have is overlong once anything follows.
    """
    overlong = b"?".rjust(longest + 1)  # stands for more blanks than that with something behind
    carry, offset = b"", 0
    begun: int | None = None  # where an overlong line begins whose rest is skipped
    told = False
    for chunk in chunks:
        data = carry + chunk
        if begun is not None:
            rest, newline, _ = data.partition(b"\n")
            if not told and not is_blank(rest):
                yield begun, overlong, False
                told = True
            offset, data = offset + len(rest), data[len(rest) :]
            begun = None if newline else begun
        cut = data.rfind(b"\n") + 1
        if cut:
            yield offset, data[:cut], False
        offset, carry = offset + cut, data[cut:]
        if len(carry) > longest:
            begun, told, start = offset, not is_blank(carry), carry[: longest + 1]
            if told:
                yield offset, overlong if is_blank(start) else start, False
            offset, carry = offset + len(carry), b""
    if carry:
        yield offset, carry, True
