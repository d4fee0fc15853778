"""Judges every line of a file as it streams by, in memory that does not grow with the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from contract import Contract
from lambda_validator import lines
from lambda_validator.decide import Line, refusal, tally
from lambda_validator.errors import LineFault
from lambda_validator.rows import RowCheck
from lambda_validator.verdict import Offence, Rejected, Verdict

REPORTED = 20


def streamed(contract: Contract, dataset: str, chunks: Iterable[bytes]) -> Verdict:
    """The verdict on all lines; a refusal has the first offending lines and totals per reason."""
    check = RowCheck(contract.datasets[dataset])
    totals: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    offences: list[Offence] = []
    refused: Rejected | None = None
    first: Line | None = None
    judged = 0
    for line in split(chunks, contract.limits.max_line_bytes):
        reason: str | None
        try:
            row = lines.parse(line.data, contract.limits)
        except LineFault as fault:
            refusing = refusal(fault, line)
            refused = refused or refusing
            reason = refusing.code.value
        else:
            judged += 1
            reason = check.fault(row)
            if reason is not None:
                bad[reason] += 1
                first = first or line
        if reason is not None:
            totals[reason] += 1
            if len(offences) < REPORTED:
                offences.append(Offence(reason, line.offset, line.number))
    verdict = refused or tally(contract, judged, bad, first)
    if not isinstance(verdict, Rejected):
        return verdict
    return Rejected(
        verdict.code,
        verdict.detail,
        verdict.offset,
        verdict.line,
        dict(totals),
        tuple(offences),
    )


def split(chunks: Iterable[bytes], longest: int) -> Iterator[Line]:
    """The lines that are not blank; one much longer than `longest` bytes comes cut."""
    number = 1
    for offset, block, at_end in blocks(chunks, longest):
        position = offset
        for piece in block.splitlines(keepends=True):
            data = piece.rstrip(b"\r\n")
            if data.strip(lines.BLANK):
                yield Line(position, number, data, last=at_end and data == piece)
            position += len(piece)
            number += len(data) < len(piece)


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
