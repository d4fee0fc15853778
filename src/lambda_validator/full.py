"""Judges every line of a file as it streams by, in memory that does not grow with the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from contract import Contract
from lambda_validator import lines
from lambda_validator.canonical import Layouts
from lambda_validator.decide import Line, refusal, tally
from lambda_validator.errors import LineFault
from lambda_validator.rows import RowCheck
from lambda_validator.verdict import Offence, Rejected, Verdict

REPORTED = 20


def streamed(contract: Contract, dataset: str, chunks: Iterable[bytes]) -> Verdict:
    """The verdict on all lines; a refusal has the first offending lines and totals per reason."""
    judge = _Judge(contract, dataset)
    for offset, block, at_end in blocks(chunks, contract.limits.max_line_bytes):
        judge.block(offset, block, at_end)
    return judge.verdict()


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
        self.check = RowCheck(dataset)
        self.layouts = Layouts(dataset, self.contract.limits)

    def block(self, offset: int, block: bytes, at_end: bool) -> None:
        """Judge the lines of a block that starts at a line's start."""
        plain, position = _is_utf8(block), 0
        while position < len(block):
            end = self.layouts.skip(block, position) if plain else position
            if end > position:
                count = block.count(b"\n", position, end)
                self.judged, self.number = self.judged + count, self.number + count
            else:
                end = block.find(b"\n", position) + 1 or len(block)
                self.exactly(offset + position, block[position:end], at_end)
            position = end

    def exactly(self, position: int, data: bytes, at_end: bool) -> None:
        """Judge bytes of which only carriage returns may part further lines."""
        for piece in data.splitlines(keepends=True):
            text = piece.rstrip(b"\r\n")
            ended = len(text) < len(piece)
            if text.strip(lines.BLANK):
                self.line(Line(position, self.number, text, at_end and not ended))
            position += len(piece)
            self.number += ended

    def line(self, line: Line) -> None:
        """Judge one line exactly."""
        reason: str | None
        try:
            row = lines.parse(line.data, self.contract.limits)
        except LineFault as fault:
            refusing = refusal(fault, line)
            self.refused = self.refused or refusing
            reason = refusing.code.value
        else:
            self.judged += 1
            reason = self.check.fault(row)
            if reason is None:
                self.layouts.learn(row)
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
    """Offset, whole lines, and whether the file ends there; of an overlong line only its start."""
    carry, offset, skipping = b"", 0, False
    for chunk in chunks:
        data = carry + chunk
        carry = b""
        if skipping:
            ends = [at for at in (data.find(b"\n"), data.find(b"\r")) if at >= 0]
            offset += min(ends, default=len(data))
            data = data[min(ends, default=len(data)) :]
            skipping = not ends
        # A carriage return at the very end may be the first half of a line end.
        cut = max(data.rfind(b"\n"), data.rfind(b"\r", 0, max(0, len(data) - 1))) + 1
        if cut:
            yield offset, data[:cut], False
            offset += cut
        carry = data[cut:]
        if len(carry) > longest + 1:
            yield offset, carry[: longest + 1], False
            offset += len(carry)
            carry, skipping = b"", True
    if carry:
        yield offset, carry, True
