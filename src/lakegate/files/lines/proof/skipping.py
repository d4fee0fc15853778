"""Passes over runs of plain good lines at the speed of the regular expression engine.

Judging a line takes some microseconds. Writers of JSON Lines repeat the layout of their first line,
so patterns are learned from lines that the judge found good. A pattern only ever says yes where
the judge would; whatever it does not match is judged.
"""

from __future__ import annotations

import re

from lakegate.contract.model import Dataset, Limits
from lakegate.files.lines.proof.layout import learn
from lakegate.files.lines.proof.pattern import pattern

MOST_WRITERS = 4
MOST_LESSONS = 24  # each takes about as long as judging a thousand lines


class _Writer:
    """One layout of lines, and the lines from which it was learned."""

    def __init__(self, lines: list[bytes], regex: str) -> None:
        self.lines = lines
        self.line = re.compile(regex.encode())
        self.run = re.compile(rb"(?:" + regex.encode() + rb"\n)*+")


class Skipper:
    """Knows the layouts of one file's lines that were good so far."""

    def __init__(self, dataset: Dataset, limits: Limits, *, casts: str | None = None) -> None:
        self._dataset, self._limits = dataset, limits
        self._casts = casts or dataset.casts
        self._writers: list[_Writer] = []
        self._lessons = 0
        self._noted: list[bytes] = []

    def learn(self, line: bytes) -> None:
        """Note a line that the judge found good and no pattern matched.

        The lesson is taken when another line is looked at: many a small file ends here.
        """
        if self._lessons < MOST_LESSONS:
            self._lessons += 1
            self._noted.append(line)

    def _take(self, line: bytes) -> None:
        for writer in self._writers:
            if known := self._writer([*writer.lines, line]):
                self._writers.remove(writer)
                # The newest first: it often has the fields that an earlier one lacked.
                self._writers.insert(0, known)
                return
        if len(self._writers) < MOST_WRITERS and (known := self._writer([line])):
            self._writers.insert(0, known)

    def _writer(self, lines: list[bytes]) -> _Writer | None:
        found = pattern(self._dataset, learn(lines, self._limits), self._casts, "python")
        if found.regex is None:
            return None
        known = _Writer(lines, found.regex)
        return known if known.line.fullmatch(lines[-1]) else None

    def skip(self, block: bytes, start: int) -> int:
        """Where the run of good, ended lines from `start` on ends; `start` if there is none.

        The block must be known to be UTF-8.
        """
        while self._noted:
            self._take(self._noted.pop(0))
        for writer in self._writers:
            match = writer.run.match(block, start)
            if match is not None and match.end() > start:
                return self._within_length(block, start, match.end())
        return start

    def _within_length(self, block: bytes, start: int, end: int) -> int:
        longest = self._limits.max_line_bytes
        while end - start > longest:
            ended = block.rfind(b"\n", start, start + longest + 1) + 1
            if ended == 0:
                return start
            start = ended
        return end
