"""How much longer a call may go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Work is begun only while more than `reserve` milliseconds are left of the call."""

    remaining_ms: Callable[[], int]
    reserve: int = 15_000

    def spent(self) -> bool:
        """Whether no more work may be begun."""
        return self.remaining_ms() <= self.reserve

    def part(self, share: float) -> Budget:
        """A budget that ends when that share of what is left now is used up."""
        left = self.remaining_ms() - self.reserve
        return Budget(self.remaining_ms, self.reserve + int(left * (1 - share)))
