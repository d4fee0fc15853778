"""What a mutant is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One edit of one file under src; `claim` says what is lost by it."""

    claim: str
    file: str
    old: str
    new: str

    def applied(self, source: str) -> str:
        """The source with the edit in it. Raises ValueError where it does not fit."""
        if self.old not in source:
            raise ValueError(f"{self.file} has no {self.old!r}")
        return source.replace(self.old, self.new)
