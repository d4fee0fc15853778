"""Whole numbers that are collected and compared in this process, as long as they are few.

Spark shuffles them and groups them in maps, and of keys hardly one repeats: most of that time is
spent waiting for memory. Sorting a few million of them here takes a second.
"""

from __future__ import annotations

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql.types import IntegralType

MOST = 16_000_000  # of eight bytes each
MOST_FOUND = 1_000_000
PER_BATCH = "100000"
BATCHES = "spark.sql.execution.arrow.maxRecordsPerBatch"


def picked(each: DataFrame) -> DataFrame | None:
    """What the view of these rows asks for, see `plan.View`.

    None if they are no whole numbers, or if so many are found that Spark does it better.
    """
    value, *is_known = each.columns
    if not isinstance(each.schema[0].dataType, IntegralType):
        return None
    if is_known:
        found = _missing(*(_sorted(each.where(each[1] == one).select(value)) for one in (0, 1)))
    else:
        ordered = _sorted(each)
        found = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(found) > MOST_FOUND:
        return None
    rows = [(number,) for number in sorted(set(found.tolist()))]
    like = each.select(value)
    return each.sparkSession.createDataFrame(rows, like.schema) if rows else like.where("false")


def _missing(uses: np.ndarray, known: np.ndarray) -> np.ndarray:
    if not len(known):
        return uses
    places = np.searchsorted(known, uses).clip(max=len(known) - 1)
    missing: np.ndarray = uses[known[places] != uses]
    return missing


def _sorted(frame: DataFrame) -> np.ndarray:
    conf = frame.sparkSession.conf
    before = str(conf.get(BATCHES))
    conf.set(BATCHES, PER_BATCH)
    try:
        batches = frame._collect_as_arrow()
    finally:
        conf.set(BATCHES, before)
    columns = [batch.column(0).to_numpy() for batch in batches]
    together = np.concatenate([np.zeros(0, "int64"), *columns])
    together.sort()
    return together
