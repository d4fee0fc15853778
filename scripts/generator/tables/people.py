"""Who signed up when and how active each one is, computed per user so that none is stored."""

from __future__ import annotations

from functools import cache
from math import gcd

import numpy as np

from scripts.generator.draws import I64, Draws
from scripts.generator.tables import season

_EXACT_RANKS = 64
_STEPS_PER_OCTAVE = 8
_SIGN_UP_SHARE = 94  # percent of the scale in which accounts are made
_FIRST_VISIT_MS = 60_000


class People:
    """`count` users with the ids 1 to count; a user is addressed by his index, 0 to count - 1."""

    def __init__(self, draws: Draws, count: int) -> None:
        self.count = count
        self.draws = draws
        self._starts, self._sizes, self._ends = _zipf(count)
        self._stride = _coprime(count)

    def _sign_up_moments(self, user: I64) -> I64:
        step = season.length() * _SIGN_UP_SHARE // 100 // self.count
        return user * step + self.draws.within("users.signed_up_at", user, step)

    def signed_up_ms(self, user: I64) -> I64:
        """Milliseconds since 1970; ids rise with the time of the sign-up."""
        return season.instants(self._sign_up_moments(user))

    def visitors(self, stream: str, index: I64) -> I64:
        """Users drawn by Zipf's law: few very active, many seldom seen, some never."""
        draw = self.draws.within(f"{stream}.rank", index, int(self._ends[-1]))
        bucket = np.searchsorted(self._ends, draw, side="right")
        inside = self.draws.below(f"{stream}.inside", index, self._sizes[bucket])
        rank: I64 = self._starts[bucket] + inside
        return (rank * self._stride + self.count // 3) % self.count

    def visit_ms(self, stream: str, index: I64, user: I64) -> I64:
        """A time after the sign-up of each user, by season."""
        signed_up = self._sign_up_moments(user)
        later = self.draws.within(stream, index, season.length() - signed_up)
        return season.instants(signed_up + later) + _FIRST_VISIT_MS


@cache
def _zipf(count: int) -> tuple[I64, I64, I64]:
    """(first rank, ranks, cumulative weight) of buckets with the weight ranks / (rank + shift)."""
    shift = min(100, count // 50 + 1)
    edges = list(range(min(_EXACT_RANKS, count) + 1))
    while edges[-1] < count:
        edges.append(min(count, edges[-1] + max(1, edges[-1] // _STEPS_PER_OCTAVE)))
    starts, ends = np.array(edges[:-1]), np.array(edges[1:])
    sizes = ends - starts
    weights = [
        (int(size) << 36) // (int(start) + int(end) - 1 + 2 * shift)
        for start, end, size in zip(starts, ends, sizes, strict=True)
    ]
    return starts, sizes, np.cumsum(np.array(weights, dtype=np.int64))


def _coprime(count: int) -> int:
    """A stride that visits all of `count` places and spreads neighbours far apart."""
    stride = max(1, count * 618 // 1000)
    while gcd(stride, count) != 1:
        stride += 1
    return stride
