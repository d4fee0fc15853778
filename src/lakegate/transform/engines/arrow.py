"""The judge of lines between Arrow batches: lines in, typed rows of `lines_<dataset>` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakegate.contract import Column, Dataset
from lakegate.files.lines.judge import Judge
from lakegate.files.masking import without_values

if TYPE_CHECKING:
    import pyarrow as pa


class LineError(Exception):
    """A line that cannot be kept as it was judged, which is a mistake in the code.

    The message is `<dataset>: line <_line>: <what happened>`.
    """


def judged(
    places: pa.Array, lines: pa.Array, name: str, dataset: Dataset, judge: Judge
) -> pa.RecordBatch:
    """One row per line of the dataset of that name, `_line` from `places`; `lines` are binary.

    Raises LineError that says for which line it could not be made.
    """
    try:
        return _batch(places, lines, dataset, judge)
    except Exception as error:  # whatever it is, it has to be told with its line
        if len(lines) == 1:
            told = f"{type(error).__name__}: {without_values(str(error))}"
            raise LineError(f"{name}: line {places[0]}: {told}") from error
    for at in range(len(lines)):
        judged(places.slice(at, 1), lines.slice(at, 1), name, dataset, judge)
    raise LineError(f"{name}: line {places[0]} or one that follows")


def _batch(places: pa.Array, lines: pa.Array, dataset: Dataset, judge: Judge) -> pa.RecordBatch:
    import pyarrow as pa  # noqa: PLC0415 - only a run with lines to judge needs it

    found = [judge.judge(line) for line in lines.to_pylist()]
    nothing = (None,) * len(dataset.columns)
    rows = [line.values or nothing for line in found]
    columns = zip(*rows, strict=True) if rows else ((),) * len(nothing)
    names = pa.list_(pa.string())
    return pa.RecordBatch.from_arrays(
        [
            places,
            *(
                pa.array(values, arrow_type(column))
                for column, values in zip(dataset.columns, columns, strict=True)
            ),
            pa.array([line.reason for line in found], pa.string()),
            pa.array([line.nulled or None for line in found], names),
            pa.array([line.rounded or None for line in found], names),
        ],
        names=[
            "_line",
            *(column.name for column in dataset.columns),
            "_reason",
            "_nulled",
            "_rounded",
        ],
    )


def arrow_type(column: Column) -> pa.DataType:
    """How Arrow holds the values of a column."""
    import pyarrow as pa  # noqa: PLC0415

    if column.decimal:
        return pa.decimal128(*column.decimal)
    return {
        "bigint": pa.int64(),
        "int": pa.int32(),
        "double": pa.float64(),
        "boolean": pa.bool_(),
        "timestamp": pa.timestamp("us", "UTC"),
        "date": pa.date32(),
    }.get(column.type, pa.string())
