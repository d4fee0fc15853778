"""When things happen: busy hours, weekdays and months, laid out so that order is kept.

A *moment* is a position on a scale of activity; equal steps on it are equally busy. Moments map to
time by a rising function, so what comes later on the scale comes later on the clock.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from scripts.generator.draws import I64

FIRST_DAY = "2024-11-01"
DAYS = 750  # to 2026-11-20
_HOUR_MS = 3_600_000
_GUIDE_BITS = 18
_MONTH = (88, 82, 90, 92, 96, 94, 86, 84, 96, 102, 138, 152)
_WEEKDAY = (102, 98, 97, 99, 104, 112, 118)  # Monday first
_HOUR = (
    *(22, 12, 7, 5, 5, 8, 18, 34, 52, 64, 72, 78),
    *(84, 80, 74, 74, 78, 86, 98, 112, 120, 108, 76, 44),
)


@cache
def _scale() -> tuple[I64, I64, int]:
    days = np.datetime64(FIRST_DAY) + np.arange(DAYS)
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    weekday = (days.astype(np.int64) + 3) % 7
    daily = np.array(_MONTH)[month] * np.array(_WEEKDAY)[weekday]
    weight = (daily[:, None] * np.array(_HOUR)[None, :]).ravel().astype(np.int64)
    ends = np.cumsum(weight)
    starts = ends - weight
    first_ms = int(np.datetime64(FIRST_DAY).astype("datetime64[ms]").astype(np.int64))
    return starts, weight, first_ms


@cache
def length() -> int:
    """Moments there are: 0 to below this."""
    starts, weight, _ = _scale()
    return int(starts[-1] + weight[-1])


def end_ms() -> int:
    """Milliseconds since 1970 at the end of the scale."""
    return _scale()[2] + DAYS * 24 * _HOUR_MS


@cache
def _guide() -> tuple[I64, int]:
    """The hour at every 2**shift-th moment: a search in steps that is mostly one step."""
    shift = max(0, length().bit_length() - _GUIDE_BITS)
    marks = np.arange((length() >> shift) + 1) << shift
    return np.searchsorted(_scale()[0], marks, side="right") - 1, shift


def instants(moments: I64) -> I64:
    """Milliseconds since 1970 (UTC) of moments."""
    starts, weight, first_ms = _scale()
    guide, shift = _guide()
    hour: I64 = guide[moments >> shift]
    while (behind := moments >= starts[hour] + weight[hour]).any():
        hour = hour + behind
    into: I64 = (moments - starts[hour]) * _HOUR_MS // weight[hour]
    at: I64 = first_ms + hour * _HOUR_MS + into
    return at
