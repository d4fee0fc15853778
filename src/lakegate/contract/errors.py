"""What can be wrong with a contract."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    """One thing that is wrong: in which file and line (from 1, or 0), at which key, and what."""

    path: Path
    line: int
    key: str
    text: str

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        key = f" {self.key}:" if self.key else ""
        return f"{_shown(self.path)}{line}:{key} {self.text}"


def _shown(path: Path) -> Path:
    """The path as one would write it here."""
    is_below = path.is_absolute() and path.is_relative_to(Path.cwd())
    return path.relative_to(Path.cwd()) if is_below else path


class ContractError(ValueError):
    """An unusable project; the message has a line for each of `faults`."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class ContractWarning(UserWarning):
    """A contract that loads and should be written in another way."""
