"""The two values that judging a file can have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lakegate.files.reasons import Code


@dataclass(frozen=True)
class Offence:
    """One offending line: its reason, its first byte, and its number where that is known."""

    reason: str
    offset: int
    line: int | None


@dataclass(frozen=True)
class Accepted:
    """A good file: how many lines were judged, and how many of them the job will set aside."""

    lines: int
    bad_lines: int = 0
    totals: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejected:
    """A refused file; offset counts bytes from 0, line counts from 1, `detail` holds no content.

    `fix` is what to do if there is more to say than what the code says.
    """

    code: Code
    detail: str
    offset: int | None = None
    line: int | None = None
    totals: dict[str, int] = field(default_factory=dict)
    offences: tuple[Offence, ...] = ()
    fix: str = ""

    def told(self) -> dict[str, Any]:
        """Why, what to do, and where, as a record and a command tell it."""
        return {
            "code": self.code.value,
            "meaning": self.code.meaning,
            "detail": self.detail,
            "fix": self.fix or self.code.fix,
            "offset": self.offset,
            "line": self.line,
        }


Verdict = Accepted | Rejected
