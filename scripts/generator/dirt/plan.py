"""Where bad rows go and which: spread evenly, malformed lines out of the validator's sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lakegate.contract import Contract
from scripts.generator.dirt.faults import FAMILIES, Kind, kinds
from scripts.generator.draws import I64, Draws
from scripts.generator.errors import GeneratorError

_SHORTEST_LINE = 32  # bytes; a window holds at most this many times fewer rows than bytes
_ALL = "all"
_AT_ONCE = 4096
_MOST = 0.5  # bad lines per good one, as each bad line starts from another good row


@dataclass(frozen=True)
class Slot:
    """A bad line of a kind, to be added after the row of that index."""

    row: int
    kind: Kind
    chance: int


@dataclass(frozen=True)
class Dirt:
    """Bad lines per good row, by family of faults or for `all` kinds together in equal parts."""

    contract: Contract
    draws: Draws
    by_family: Mapping[str, float]

    def weights(self, name: str) -> dict[Kind, float]:
        """Bad lines of each kind per good row of a dataset."""
        every = kinds(self.contract, name)
        share = self.by_family.get(_ALL, 0.0)
        weights = dict.fromkeys(every, share / len(every))
        for kind in every:
            alike = sum(other.family == kind.family for other in every)
            weights[kind] += self.by_family.get(kind.family, 0.0) / alike
        return {kind: weight for kind, weight in weights.items() if weight}

    def check(self) -> None:
        """Raise GeneratorError where more rows would be rejected than a run accepts."""
        most = self.contract.max_rejected_ratio
        for name in self.contract.datasets:
            weights = self.weights(name)
            rejected = sum(weight for kind, weight in weights.items() if kind.rejects)
            ratio = rejected / (1 + sum(weights.values()))
            if ratio > most:
                raise GeneratorError(
                    f"DIRT: {ratio:.2%} of {name} would be rejected, a run accepts {most:.2%}; "
                    "--refused allows it"
                )

    def leaves_out_malformed(self, name: str, rows: int) -> bool:
        """Whether malformed lines are asked for and a file of `rows` rows cannot hide them."""
        asked = any(kind.family == "malformed" for kind in self.weights(name))
        return asked and rows < self.enough_rows

    @property
    def enough_rows(self) -> int:
        """Rows of a file in which the validator's windows leave most lines unseen."""
        return 4 * self._margin

    @property
    def _margin(self) -> int:
        return self.contract.limits.window_bytes // _SHORTEST_LINE

    def slots(self, name: str, first: int, end: int) -> Iterator[Slot]:
        """The bad lines of a file with the rows `first` to below `end`, by rising row."""
        weights = self.weights(name)
        total = sum(weights.values())
        hidden = end - first >= self.enough_rows
        if not hidden:
            weights = {
                kind: weight for kind, weight in weights.items() if kind.family != "malformed"
            }
        if not weights:
            return
        begin, stop = int(total * first), int(total * end)
        margin = self._margin if hidden else 0
        space = end - first - 2 * margin
        names = list(weights)
        for some in range(begin, stop, _AT_ONCE):
            number = np.arange(some, min(some + _AT_ONCE, stop))
            row = first + margin + (2 * (number - begin) + 1) * space // (2 * (stop - begin))
            kind = _spread(number, list(weights.values()))
            chance = self.draws.below(f"dirt.{name}", number, 1 << 30)
            for at, which, how in zip(row.tolist(), kind.tolist(), chance.tolist(), strict=True):
                yield Slot(at, names[which], how)


def _spread(number: I64, weights: list[float]) -> I64:
    """Positions in `weights`, in their proportions, with each soon seen (golden ratio steps)."""
    ends = np.cumsum(np.array([int(weight / sum(weights) * 2**32) for weight in weights]))
    ends[-1] = 1 << 32
    return np.searchsorted(ends, (number * 2_654_435_769) % (1 << 32), side="right")


def parse(text: str) -> dict[str, float]:
    """`0.002`, or `malformed=0.0005,unknown_user=0.001`. Raises GeneratorError."""
    shares: dict[str, float] = {}
    for item in filter(None, text.split(",")):
        family, _, value = item.rpartition("=")
        family = family.strip() or _ALL
        try:
            share = float(value)
        except ValueError:
            share = -1.0
        if family not in {*FAMILIES, _ALL} or not 0 <= share <= 1:
            raise GeneratorError(
                f"DIRT={text}: a share such as 0.002, or shares by kind such as malformed=0.001; "
                f"kinds are {', '.join(FAMILIES)}"
            )
        shares[family] = share
    if sum(shares.values()) > _MOST:
        raise GeneratorError(f"DIRT={text}: at most {_MOST} bad lines per good one")
    return shares
