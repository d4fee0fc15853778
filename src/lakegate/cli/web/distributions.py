"""How the columns of gold are distributed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow

BINS = 24
TOP = 8
SHORT_TAIL = 1.25  # a largest value up to so many times the 99th percentile is shown as it is
MAX_ROWS = 2_000_000
NUMBERS = {
    "revenue": "Revenue per user",
    "event_count": "Events per user",
    "session_count": "Sessions per user",
    "order_count": "Orders per user",
    "average_order_value": "Average order value",
    "conversion_rate": "Paid orders per session",
}
WORDS = {"country": "Users by country"}


@dataclass(frozen=True)
class Histogram:
    """Rows per bin of [edges[i], edges[i+1]); the last bin also holds the `beyond` rows above."""

    title: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    nulls: int
    beyond: int
    mean: float
    largest: float


@dataclass(frozen=True)
class Ranking:
    """The most frequent values, and how many rows have another one."""

    title: str
    values: tuple[tuple[str, int], ...]
    others: int


@dataclass(frozen=True)
class Distributions:
    """Of so many rows; `whole` is False when the table has more than were read."""

    rows: int
    whole: bool
    histograms: tuple[Histogram, ...]
    rankings: tuple[Ranking, ...]


def describe(tables: Iterable[pyarrow.Table]) -> Distributions:
    """The distributions of a table that comes in pieces, of its first two million rows."""
    numbers: dict[str, list[Any]] = {name: [] for name in NUMBERS}
    nulls: Counter[str] = Counter()
    words: dict[str, Counter[str]] = {name: Counter() for name in WORDS}
    rows, whole = 0, True
    for table in tables:
        if rows >= MAX_ROWS:
            whole = False
            break
        rows += table.num_rows
        for name, parts in numbers.items():
            column = table.column(name)
            nulls[name] += column.null_count
            parts.append(column.drop_null().cast("float64").to_numpy())
        for name, counter in words.items():
            for pair in table.column(name).value_counts().to_pylist():
                counter[str(pair["values"])] += pair["counts"]
    return Distributions(
        rows,
        whole,
        tuple(_histogram(NUMBERS[name], parts, nulls[name]) for name, parts in numbers.items()),
        tuple(_ranking(WORDS[name], counter) for name, counter in words.items()),
    )


def _histogram(title: str, parts: list[Any], nulls: int) -> Histogram:
    values = np.concatenate(parts) if parts else np.array([])
    if not values.size:
        return Histogram(title, (0.0, 1.0), (0,), nulls, 0, 0.0, 0.0)
    # A long tail would leave one bar: the last bin takes what lies beyond the 99th percentile.
    largest = float(values.max())
    top = float(np.percentile(values, 99)) or largest
    if largest <= top * SHORT_TAIL:
        top = largest
    if np.all(values == np.floor(values)):
        step = float(max(1, np.ceil(top / BINS)))
        bins = int(top // step) + 1
    else:
        step = float(np.nextafter(top, np.inf)) / BINS
        bins = BINS
    edges = np.arange(bins + 1) * step
    counts, _ = np.histogram(np.minimum(values, np.nextafter(edges[-1], 0)), edges)
    beyond = int((values >= edges[-1]).sum())
    return Histogram(
        title,
        tuple(float(edge) for edge in edges),
        tuple(int(count) for count in counts),
        nulls,
        beyond,
        float(values.mean()),
        largest,
    )


def _ranking(title: str, counter: Counter[str]) -> Ranking:
    top = tuple(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP])
    return Ranking(title, top, counter.total() - sum(count for _, count in top))
