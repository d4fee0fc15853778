"""Random numbers addressed by (stream, index), so that any row can be made without the ones before.

Only integer arithmetic is used: no float or libm difference between machines can reach the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

_STEP, _MIX1, _MIX2 = (
    np.uint64(constant) for constant in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)
_PICK_BITS = 12


@lru_cache(maxsize=1024)
def _stream_key(seed: int, stream: str) -> np.uint64:
    words = np.random.SeedSequence([seed, *stream.encode()]).generate_state(1, np.uint64)
    return np.uint64(words[0])


@lru_cache(maxsize=256)
def _pick_table(weights: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    total, size = sum(weights), 1 << _PICK_BITS
    edges = [sum(weights[: i + 1]) * size // total for i in range(len(weights))]
    return np.repeat(np.arange(len(weights), dtype=np.uint8), np.diff([0, *edges]))


class Draws:
    """Every method gives one value per index; the same (seed, stream, index) gives the same."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def bits(self, stream: str, index: I64) -> U64:
        """64 random bits each; different indexes of a stream never give the same ones."""
        z: U64 = index.astype(np.uint64)  # the splitmix64 generator, a bijection of its counter
        z *= _STEP
        z += _stream_key(self._seed, stream)
        z ^= z >> np.uint64(30)
        z *= _MIX1
        z ^= z >> np.uint64(27)
        z *= _MIX2
        z ^= z >> np.uint64(31)
        return z

    def below(self, stream: str, index: I64, bound: int | I64) -> I64:
        """Integers from 0 to below `bound`, which may differ per index and is at most 2**31."""
        high = self.bits(stream, index) >> np.uint64(32)
        scaled: U64 = high * np.asarray(bound, dtype=np.uint64)
        return (scaled >> np.uint64(32)).astype(np.int64)

    def within(self, stream: str, index: I64, bound: int | I64) -> I64:
        """As `below` for bounds up to 2**48."""
        drawn: U64 = self.bits(stream, index) % np.asarray(bound, dtype=np.uint64)
        return drawn.astype(np.int64)

    def chance(self, stream: str, index: I64, share: float) -> Bools:
        """True for about that share of the indexes."""
        return self.bits(stream, index) < np.uint64(int(share * 2**53) << 11)

    def pick(self, stream: str, index: I64, weights: Sequence[int]) -> I64:
        """Positions in `weights`, each about as often as its weight says (to 1/4096)."""
        table: npt.NDArray[Any] = _pick_table(tuple(weights))
        slot = self.bits(stream, index) >> np.uint64(64 - _PICK_BITS)
        return table[slot.astype(np.int64)].astype(np.int64)
