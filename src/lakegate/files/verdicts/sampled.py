"""Judges a file by its first and last bytes; pure, and total: bad data never raises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lakegate.contract import Contract
from lakegate.files.errors import LineFault
from lakegate.files.lines.judge import MALFORMED, Judged, is_blank
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected, Verdict
from lakegate.files.verdicts.tally import File, Line, Tally


@dataclass(frozen=True)
class Window:
    """Consecutive bytes of a file that start at `offset`."""

    offset: int
    data: bytes

    @property
    def end(self) -> int:
        """Offset of the first byte after the window."""
        return self.offset + len(self.data)


def size(count: int, contract: Contract, *, may_be_empty: bool = False) -> Rejected | None:
    """The verdict on a size in bytes alone, None if it may be good."""
    if count < contract.limits.min_bytes and not (count == 0 and may_be_empty):
        return Rejected(Code.EMPTY, f"{count} bytes")
    if count > contract.max_bytes:
        allowed = f"at most {contract.max_bytes} are allowed with validation: {contract.validation}"
        return Rejected(Code.TOO_LARGE, f"{count} bytes, {allowed}")
    return None


def sampled(file: File, count: int, windows: Sequence[Window]) -> Verdict:
    """The verdict on a file of `count` bytes from windows at its start and, if longer, its end.

    Windows that hold the whole file give an exact verdict. Otherwise the file is refused for bad
    lines when no good one was seen, or more of them than the ratio allows for the number of lines
    that its size lets expect.
    """
    tally, judge = Tally(file), file.judge
    seen = 0
    for line in _lines(windows, count):
        tally.add(line, judge.judge(line.data))
        seen += len(line.data) + 1
    for line, fault in _overlong(windows, count, file.contract.limits.max_line_bytes):
        tally.add(line, Judged(MALFORMED, fault=fault))
        seen += len(line.data)
    whole = sum(len(window.data) for window in windows) >= count
    return tally.verdict(tally.lines if whole else tally.lines * count / max(seen, 1))


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


def _overlong(
    windows: Sequence[Window], count: int, longest: int
) -> Iterator[tuple[Line, LineFault]]:
    """The lines of which a window shows only so much that they are too long."""
    for window in joined(windows):
        body = window.data.removesuffix(b"\n") if window.end == count else window.data
        is_complete = window.offset == 0 and window.end == count
        if len(body) > longest and b"\n" not in body and not is_complete:
            number = 1 if window.offset == 0 else None
            line = Line(window.offset, number, body)
            if b"\0" in body:
                yield line, LineFault(Code.NUL_BYTE, "a line holds a NUL byte", body.index(b"\0"))
            else:
                detail = f"a line is over {longest} bytes"
                yield line, LineFault(Code.LINE_TOO_LONG, detail)
