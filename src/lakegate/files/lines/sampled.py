"""Decides on a file from its name, size and bytes; pure, and total: bad data never raises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lakegate.contract import Contract
from lakegate.contract.model import Limits
from lakegate.files.errors import LineFault
from lakegate.files.lines.judge import Judge, is_blank
from lakegate.files.reasons import Code
from lakegate.files.sniff import sniff
from lakegate.files.verdict import Accepted, Rejected, Verdict


@dataclass(frozen=True)
class Window:
    """Consecutive bytes of a file that start at `offset`."""

    offset: int
    data: bytes

    @property
    def end(self) -> int:
        """Offset of the first byte after the window."""
        return self.offset + len(self.data)


class Line(NamedTuple):
    """A complete line without its end; `last` says that nothing but the file's end follows."""

    offset: int
    number: int | None
    data: bytes
    last: bool = False


def size(count: int, contract: Contract) -> Rejected | None:
    """The verdict on a size in bytes alone, None if it may be good."""
    if count == 0 or count < contract.limits.min_bytes:
        return Rejected(Code.EMPTY, f"{count} bytes")
    if count > contract.max_bytes:
        allowed = f"at most {contract.max_bytes} are allowed with validation: {contract.validation}"
        return Rejected(Code.TOO_LARGE, f"{count} bytes, {allowed}")
    return None


def sampled(contract: Contract, dataset: str, count: int, windows: Sequence[Window]) -> Verdict:
    """The verdict on a file of `count` bytes from windows at its start and, if longer, its end."""
    if (refused := sniff(windows[0].data)) is not None:
        return refused
    judge = Judge(contract.datasets[dataset], contract.limits)
    bad: Counter[str] = Counter()
    first: Line | None = None
    judged = 0
    for line in _lines(windows, count):
        found = judge.judge(line.data)
        if found.fault is not None:
            return refusal(found.fault, line)
        judged += 1
        if found.reason is not None:
            bad[found.reason] += 1
            first = first or line
    if (overlong := _overlong(windows, count, contract.limits)) is not None:
        return overlong
    return tally(contract, judged, bad, first)


def refusal(fault: LineFault, line: Line) -> Rejected:
    """The verdict that a fault of one line means for the file."""
    code, detail = fault.code, fault.detail
    if fault.cut_off and line.last:
        code, detail = Code.TRUNCATED, "the last line breaks off"
    elif fault.cut_off and line.number == 1:
        code, detail = Code.MULTI_LINE, "the first object does not end on its line"
    return Rejected(code, detail, line.offset + fault.at, line.number)


def tally(contract: Contract, judged: int, bad: Counter[str], first: Line | None) -> Verdict:
    """The verdict on lines that are all objects, some of which the job would set aside."""
    if judged == 0:
        return Rejected(Code.EMPTY, "no line with data was found")
    total = bad.total()
    if first is None or total <= contract.max_rejected_ratio * judged:
        return Accepted(judged, total, dict(bad))
    reasons = ", ".join(f"{count} {reason}" for reason, count in bad.most_common(5))
    kind = bad.most_common(1)[0][0]
    code = Code.MISSING_FIELD if kind.startswith("missing_") else Code.BAD_FIELD
    detail = f"{total} of {judged} lines: {reasons}"
    return Rejected(code, detail, first.offset, first.number, dict(bad))


def _lines(windows: Sequence[Window], count: int) -> Iterator[Line]:
    """The complete lines of the windows that are not blank."""
    for window in joined(windows):
        position, number = window.offset, 1 if window.offset == 0 else None
        pieces = window.data.split(b"\n")
        for index, data in enumerate(pieces):
            unended = index == len(pieces) - 1
            # What begins before the window or ends after it is no complete line.
            begins = index > 0 or window.offset == 0
            if begins and (not unended or window.end == count) and not is_blank(data):
                yield Line(position, number, data, last=unended)
            position += len(data) + 1
            number = number + 1 if number is not None else None


def joined(windows: Sequence[Window]) -> list[Window]:
    """The same bytes with adjoining windows made one."""
    merged: list[Window] = []
    for window in windows:
        if merged and merged[-1].end == window.offset:
            merged[-1] = Window(merged[-1].offset, merged[-1].data + window.data)
        else:
            merged.append(window)
    return merged


def _overlong(windows: Sequence[Window], count: int, limits: Limits) -> Rejected | None:
    for window in joined(windows):
        body = window.data.removesuffix(b"\n") if window.end == count else window.data
        if len(body) > limits.max_line_bytes and b"\n" not in body:
            number = 1 if window.offset == 0 else None
            if b"\0" in body:
                at = window.offset + body.index(b"\0")
                return Rejected(Code.NUL_BYTE, "a line holds a NUL byte", at, number)
            detail = f"a line is over {limits.max_line_bytes} bytes"
            return Rejected(Code.LINE_TOO_LONG, detail, window.offset, number)
    return None
