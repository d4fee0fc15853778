"""Puts the bad lines of a block between its good ones."""

from __future__ import annotations

from collections.abc import Iterator

from lakegate.contract import Dataset
from scripts.generator.dirt.expected import Tally
from scripts.generator.dirt.faults import add
from scripts.generator.dirt.plan import Slot
from scripts.generator.dirt.victims import Victim
from scripts.generator.tables.block import Lines


class Soiler:
    """Adds the lines of `slots`, which come by rising row, to blocks that do so too."""

    def __init__(self, name: str, dataset: Dataset, users: int, slots: Iterator[Slot]) -> None:
        self._name, self._dataset, self._users = name, dataset, users
        self._slots = slots
        self._next = next(slots, None)

    def lines(self, good: Lines, first: int, end: int, tally: Tally) -> bytes:
        """The rows `first` to below `end` and their bad lines, which are counted in `tally`."""
        data = good.pack()
        if not self._next or self._next.row >= end:
            return data
        starts = good.starts()
        pieces, done = [], 0
        while self._next and self._next.row < end:
            slot, self._next = self._next, next(self._slots, None)
            begin, stop = starts[slot.row - first : slot.row - first + 2].tolist()
            line = data[begin : stop - 1]
            victim = Victim(
                self._name, self._dataset, line, self._users, fresh=slot.row, chance=slot.chance
            )
            added = add(slot.kind, victim)
            tally.add_line(added)
            pieces += [data[done:stop], added.line, b"\n"]
            done = stop
        return b"".join([*pieces, data[done:]])
