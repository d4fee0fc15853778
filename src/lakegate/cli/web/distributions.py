"""How the columns of a gold table are distributed: what is worth a chart is found by type and data.

Numbers that measure something get a histogram, texts and flags of few values a ranking. Keys,
identifiers, codes, years, places in an order, dates and nested values get none.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lakegate.cli.terminal.tables import cell
from lakegate.infer.written.measures import measure

if TYPE_CHECKING:
    import pyarrow

BINS = 24
TOP = 8
SHORT_TAIL = 1.25  # a largest value up to so many times the 99th percentile is shown as it is
MAX_ROWS = 2_000_000
HISTOGRAMS, RANKINGS = 6, 4
FEW_VALUES = 60
# A number whose values nearly all differ and that has no fraction names things.
NAMES_THINGS = 0.9


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


def describe(
    tables: Iterable[pyarrow.Table], grain: Collection[str], titles: Mapping[str, str]
) -> Distributions:
    """The distributions of a table that comes in pieces, of its first two million rows.

    The first piece decides which columns are shown; `titles` are their names for people.
    """
    import pyarrow as pa  # noqa: PLC0415 - only who looks at gold needs it

    pieces = iter(tables)
    first = next(pieces, None)
    if first is None:
        return Distributions(0, True, (), ())
    numbers, words = _worth_a_chart(first, grain)
    kept, rows, whole = [], 0, True
    for piece in itertools.chain([first], pieces):
        if rows >= MAX_ROWS:
            whole = False
            break
        rows += piece.num_rows
        kept.append(piece.select([*numbers, *words]))
    table = pa.concat_tables(kept)
    return Distributions(
        rows,
        whole,
        tuple(_histogram(titles.get(name, name), table.column(name)) for name in numbers),
        tuple(_ranking(titles.get(name, name), table.column(name)) for name in words),
    )


def _worth_a_chart(
    table: pyarrow.Table, grain: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    import pyarrow.compute as pc  # noqa: PLC0415 - as above
    from pyarrow import types  # noqa: PLC0415

    numbers: list[str] = []
    words: list[str] = []
    for field in table.schema:
        if field.name in grain or field.name.endswith("_id") or field.name == "id":
            continue
        column, kind = table.column(field.name), field.type
        number = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
        if number and measure(field.name) is None:
            continue
        if not (number or types.is_boolean(kind) or types.is_string(kind)):
            continue
        found = len(column) - column.null_count
        distinct = pc.count_distinct(column).as_py() if found else 0
        if types.is_integer(kind) and found > FEW_VALUES and distinct > NAMES_THINGS * found:
            continue
        if number:
            numbers.append(field.name)
        elif 0 < distinct <= FEW_VALUES:
            words.append(field.name)
    return tuple(numbers[:HISTOGRAMS]), tuple(words[:RANKINGS])


def _histogram(title: str, column: Any) -> Histogram:
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    values = pc.cast(column.drop_null(), "float64")
    values = values.filter(pc.is_finite(values))
    nulls = len(column) - len(values)
    if not len(values):
        return Histogram(title, (0.0, 1.0), (0,), nulls, 0, 0.0, 0.0)
    low, largest = pc.min(values).as_py(), pc.max(values).as_py()
    # A long tail would leave one bar: the last bin takes what lies beyond the 99th percentile.
    top = pc.quantile(values, 0.99, interpolation="linear")[0].as_py()
    if top <= low or largest <= top * SHORT_TAIL:
        top = largest
    start = min(0.0, low)
    if pc.all(pc.equal(values, pc.floor(values))).as_py():
        start = float(math.floor(start))
        step = float(max(1, math.ceil((top - start) / BINS)))
        bins = int((top - start) // step) + 1
    else:
        step = (top - start) / BINS * (1 + 1e-12) or 1.0
        bins = BINS
    places = pc.min_element_wise(pc.floor(pc.divide(pc.subtract(values, start), step)), bins - 1)
    counted = {int(item["values"]): item["counts"] for item in pc.value_counts(places).to_pylist()}
    end = start + bins * step
    return Histogram(
        title,
        tuple(start + place * step for place in range(bins + 1)),
        tuple(counted.get(place, 0) for place in range(bins)),
        nulls,
        pc.sum(pc.cast(pc.greater_equal(values, end), "int64")).as_py(),
        pc.mean(values).as_py(),
        largest,
    )


def _ranking(title: str, column: Any) -> Ranking:
    counter: Counter[str] = Counter()
    for pair in column.value_counts().to_pylist():
        value = pair["values"]
        counter["(none)" if value is None else cell(value)] += pair["counts"]
    top = tuple(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP])
    return Ranking(title, top, counter.total() - sum(count for _, count in top))
