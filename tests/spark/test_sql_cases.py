"""The cases of tests/sql on Spark; tests/unit runs the same on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.transform.engines.spark import queries
from lakegate.transform.engines.spark.pipeline import Pipeline
from tests.spark import batches
from tests.sql import cases


@pytest.mark.parametrize("relation", cases.RELATIONS)
def test_cases(
    spark: SparkSession,
    contract: Contract,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    relation: str,
) -> None:
    """All cases of a relation in one batch; no more is computed than the relation reads."""
    found = [cases.load(path) for path in cases.PATHS if path.parts[-3] == relation]
    lines = {
        name: [row for case in found for row in case.lines.get(name, [])] for name in contract.read
    }
    needed = read_by(relation)
    order = tuple(name for name in queries.order() if name in needed)
    monkeypatch.setattr(queries, "order", lambda: order)
    with Pipeline(spark, contract, batches.write(tmp_path, lines)) as pipeline:
        pipeline.prepare()
        rows = spark.table(relation).collect()
    cases.require(found, [row.asDict() for row in rows])


def read_by(relation: str) -> set[str]:
    """The relation and all that it reads, and that they read."""
    below = queries.sources(queries.text(relation)) & set(queries.order())
    return {relation}.union(*(read_by(name) for name in below))
