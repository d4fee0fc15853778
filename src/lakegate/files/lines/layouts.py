"""Passes over runs of plain good lines at the speed of the regular expression engine.

Exact parsing in pure Python costs some microseconds a line. Writers of JSON Lines repeat the layout
of their first line, so a pattern of that layout (the same fields in the same order, values that are
beyond doubt) is learned from it. The pattern only ever says yes where the exact way would; whatever
it does not match is judged exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from lakegate.contract.model import Column, Dataset, Limits

PLAIN_KEY = re.compile(r"[A-Za-z0-9_. -]+")
STRING = (
    rb'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u(?:[0-9a-cA-Ce-fE-F][0-9a-fA-F]|[dD][0-7])'
    rb'[0-9a-fA-F]{2})*+"'
)
INTEGER = rb"-?(?:0|[1-9][0-9]{0,17})"
NUMBER = INTEGER + rb"(?:\.[0-9]{1,17})?+"
SCALAR = rb"(?:" + STRING + rb"|" + NUMBER + rb"|true|false|null)"
ANY = rb"(?:" + SCALAR + rb"|\[(?:" + SCALAR + rb"(?:, ?" + SCALAR + rb")*+)?+\])"
DATE = (
    rb"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    rb"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
TIMESTAMP = (
    rb'"(?:[1-8][0-9]{3}|9[0-8][0-9]{2})-' + DATE + rb"T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}"
    rb'(?:\.[0-9]{1,9})?+(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?+"'
)
REQUIRED = {
    "string": STRING,
    "bigint": INTEGER,
    "int": rb"-?(?:0|[1-9][0-9]{0,8})",
    "boolean": rb"(?:true|false)",
    "double": NUMBER,
    "timestamp": TIMESTAMP,
    "date": rb'"(?:[1-8][0-9]{3}|9[0-8][0-9]{2})-' + DATE + b'"',
    "json": rb"(?:" + STRING + rb"|" + NUMBER + rb"|true|false)",
}


class Layouts:
    """The layouts of one file's lines seen so far, at most `most`."""

    def __init__(self, dataset: Dataset, limits: Limits, most: int = 4) -> None:
        self._columns = {column.path[0]: column for column in dataset.columns}
        self._required = {column.path[0] for column in dataset.required}
        self._is_flat = all(len(column.path) == 1 for column in dataset.required)
        self._longest = limits.max_line_bytes
        self._most = most
        self._patterns: dict[tuple[str, ...], re.Pattern[bytes]] = {}

    @property
    def can_learn(self) -> bool:
        """Whether another layout would be taken."""
        return self._is_flat and len(self._patterns) < self._most

    def learn(self, fields: Iterable[str]) -> None:
        """Take the field names of a good line, in their order, as a layout."""
        names = tuple(fields)
        if not self.can_learn or names in self._patterns:
            return
        if self._required <= set(names) and all(PLAIN_KEY.fullmatch(name) for name in names):
            # The newest first: it often has the fields that an earlier one lacked, all optional.
            self._patterns = {names: self._pattern(names), **self._patterns}

    def skip(self, block: bytes, start: int) -> int:
        """Where the run of good, ended lines from `start` on ends; `start` if there is none."""
        for pattern in self._patterns.values():
            match = pattern.match(block, start)
            if match is not None and match.end() > start:
                return self._within_length(block, start, match.end())
        return start

    def _within_length(self, block: bytes, start: int, end: int) -> int:
        while end - start > self._longest:
            ended = block.rfind(b"\n", start, start + self._longest + 1) + 1
            if ended == 0:
                return start
            start = ended
        return end

    def _pattern(self, names: tuple[str, ...]) -> re.Pattern[bytes]:
        parts = []
        for index, name in enumerate(names):
            comma = b", ?" if index else b""
            value = self._value(self._columns.get(name))
            part = comma + re.escape(json.dumps(name)).encode() + b": ?" + value
            optional = index > 0 and name not in self._required
            parts.append(b"(?:" + part + b")?+" if optional else part)
        return re.compile(rb"(?:\{" + b"".join(parts) + rb"\}\r?\n)*+")

    def _value(self, column: Column | None) -> bytes:
        if column is None or not column.required:
            return ANY
        if column.allowed:
            words = b"|".join(re.escape(json.dumps(word)).encode() for word in column.allowed)
            return b"(?:" + words + b")"
        if column.decimal:
            precision, scale = column.decimal
            whole = (
                rb"(?:0|[1-9][0-9]{0,%d})" % (precision - scale - 1) if precision > scale else b"0"
            )
            return b"-?" + whole + (rb"(?:\.[0-9]{1,%d})?+" % scale if scale else b"")
        return REQUIRED[column.type]
