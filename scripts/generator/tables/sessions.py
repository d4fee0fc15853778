"""Visits: who comes when, for how long, and how far towards a purchase."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scripts.generator.draws import I64
from scripts.generator.tables.block import BLOCK_ROWS
from scripts.generator.tables.people import People

FUNNEL = ("product_view", "add_to_cart", "checkout", "purchase")
BROWSE = ("page_view", "search", "product_view")
_LENGTHS = (16, 15, 13, 11, 9, 8, 6, 5, 4, 3, 2, 2, 2, 1, 1, 1, 1)  # of 1, 2, 3 … events
_DEPTHS = (38, 30, 17, 6, 9)  # of 0, 1, … 4 steps of the funnel
_BROWSE = (55, 18, 27)
_PAUSE_MS = (1_500, 118_500)  # shortest, and what chance may add
_NOTHING = -1


@dataclass(frozen=True)
class Sessions:
    """The visits of one block of events; rows are the block's, sessions count from 0."""

    number: I64  # of each session, unique over all blocks
    user: I64  # of each session
    depth: I64  # steps of the funnel that each session ends with
    length: I64  # events of each session
    session: I64  # of each row
    at_ms: I64  # of each row, rising within a session
    step: I64  # of each row: position in FUNNEL or -1
    browse: I64  # of each row: position in BROWSE, where step is -1

    @cached_property
    def ends(self) -> I64:
        """Row after the last one of each session."""
        return np.cumsum(self.length)

    @property
    def purchases(self) -> I64:
        """Rows at which something is bought."""
        return np.flatnonzero(self.step == len(FUNNEL) - 1)


def sessions(people: People, block: int, rows: int) -> Sessions:
    """The visits that fill `rows` rows exactly; the last one is cut short."""
    draws = people.draws
    row = np.arange(rows) + block * BLOCK_ROWS
    length = 1 + draws.pick("sessions.length", row, _LENGTHS)
    count = int(np.searchsorted(np.cumsum(length), rows)) + 1
    length = length[:count]
    length[-1] -= int(length.sum()) - rows
    number = row[:count]
    user = people.visitors("sessions.user", number)
    depth = np.minimum(draws.pick("sessions.depth", number, _DEPTHS), length - 1)
    start_ms = people.visit_ms("sessions.start", number, user)

    session = np.repeat(np.arange(count), length)
    first = np.cumsum(length) - length
    least, more = _PAUSE_MS
    pause = least + draws.below("events.pause", row, more)
    elapsed = np.cumsum(pause)
    at_ms = start_ms[session] + elapsed - elapsed[first][session]
    left = (first + length)[session] - np.arange(rows)  # events until the end, this one included
    step = np.where(left <= depth[session], depth[session] - left, _NOTHING)
    browse = draws.pick("events.browse", row, _BROWSE)
    browse[first] = 0  # a visit begins with a page
    return Sessions(number, user, depth, length, session, at_ms, step, browse)
