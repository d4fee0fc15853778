"""Counts what is wrong with the lines of a file, and says what that means for the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from lakegate.contract import Contract
from lakegate.contract.wording import counted, some
from lakegate.files.convert.separated import Header
from lakegate.files.errors import LineFault
from lakegate.files.lines.judge import Judge, Judged
from lakegate.files.reasons import Code
from lakegate.files.verdict import Accepted, Offence, Rejected, Verdict
from lakegate.files.verdicts import advice

REPORTED = 20
NAMED = 5


class Line(NamedTuple):
    """A complete line without its end; `last` says that nothing but the file's end follows."""

    offset: int
    number: int | None
    data: bytes
    last: bool = False


@dataclass(frozen=True)
class File:
    """What the lines are lines of: contract, dataset, casts of this file alone, header of a CSV."""

    contract: Contract
    dataset: str
    casts: str = ""
    header: Header | None = None

    @property
    def judge(self) -> Judge:
        """A new judge of such lines."""
        dataset = self.contract.datasets[self.dataset]
        return Judge(dataset, self.contract.limits, casts=self.casts or None)

    @property
    def ratio(self) -> float:
        """The share of bad lines that the job sets aside without refusing its run."""
        return self.contract.datasets[self.dataset].max_rejected_ratio


class First(NamedTuple):
    """The first line with one code: where it is at fault, and what was found there."""

    offset: int
    number: int | None
    found: advice.Advice


@dataclass
class Tally:
    """The lines judged so far: how many, and what is wrong with the bad ones."""

    file: File
    lines: int = 0
    bad: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    codes: Counter[Code] = field(default_factory=Counter)
    offences: list[Offence] = field(default_factory=list)
    nulled: Counter[str] = field(default_factory=Counter)
    cut_off: Rejected | None = None
    _first: dict[Code, First] = field(default_factory=dict)

    def add(self, line: Line, judged: Judged) -> None:
        """Count a line by what became of it."""
        self.lines += 1
        if judged.nulled:
            self.nulled.update(judged.nulled)
        if judged.reason is None:
            return
        fault = judged.fault
        if fault is not None and fault.cut_off and line.last:
            at = line.offset + fault.at
            detail = "the last line breaks off"
            self.cut_off = Rejected(Code.TRUNCATED, detail, at, line.number)
        code = self._code(judged.reason, fault)
        reason = judged.reason if fault is None else code.value
        self.bad += 1
        self.reasons[reason] += 1
        self.codes[code] += 1
        if len(self.offences) < REPORTED:
            self.offences.append(Offence(reason, line.offset, line.number))
        if code not in self._first:
            found = self._advice(code, line, judged)
            at = line.offset + (fault.at if fault else 0)
            self._first[code] = First(at, line.number, found)

    def _advice(self, code: Code, line: Line, judged: Judged) -> advice.Advice:
        if code is Code.FIELD_COUNT and (header := self.file.header):
            separator = header.separator.decode().replace("\t", "tab")
            detail = (
                f"the header has {counted(len(header.names), 'field')}, separated by {separator}"
            )
            return advice.Advice(detail)
        return advice.on_line(self.file.contract, self.file.dataset, line.data, judged)

    def _code(self, reason: str, fault: LineFault | None) -> Code:
        if fault is None:
            return Code.MISSING_FIELD if reason.startswith("missing_") else Code.BAD_FIELD
        if self.file.header and fault.code in {
            Code.SYNTAX,
            Code.NOT_AN_OBJECT,
            Code.SEVERAL_VALUES,
        }:
            return Code.FIELD_COUNT
        return fault.code

    def is_lost(self, expected: float) -> bool:
        """Whether more lines are bad than may be of so many."""
        return self.bad > self.file.ratio * expected

    def verdict(self, expected: float) -> Verdict:
        """The verdict on a file that is expected to have so many lines."""
        if self.cut_off is not None:
            return self.cut_off
        if self.lines == 0:
            if self.file.contract.datasets[self.file.dataset].may_be_empty:
                return Accepted(0)
            return Rejected(Code.EMPTY, "no line with data was found")
        if not self.is_lost(expected) and self.bad < self.lines:
            return Accepted(self.lines, self.bad, dict(self.reasons))
        code = self.codes.most_common(1)[0][0]
        first = self._first[code]
        counts = ", ".join(f"{count} {name}" for name, count in self.reasons.most_common(NAMED))
        detail = f"{self.bad} of {self.lines} {some(self.lines, 'line')}: {counts}"
        return Rejected(
            code,
            f"{detail}; {first.found.detail}" if first.found.detail else detail,
            first.offset,
            first.number,
            dict(self.reasons),
            fix=first.found.fix,
        )
