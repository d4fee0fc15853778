"""The cases of tests/sql on Spark; tests/unit runs the same on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.render import render
from tests.spark import batches
from tests.sql import cases


@pytest.mark.parametrize("relation", cases.RELATIONS)
def test_cases(spark: SparkSession, contract: Contract, tmp_path: Path, relation: str) -> None:
    """All cases of a relation in one batch."""
    found = [cases.load(path) for path in cases.PATHS if cases.relation_of(path) == relation]
    lines = {
        name: [row for case in found for row in case.lines.get(name, [])] for name in contract.read
    }
    planned = render(contract, "spark")
    with SparkEngine(spark, contract) as engine:
        uris = batches.write(tmp_path, lines)
        engine.read({name: [SilverFile(uri) for uri in found] for name, found in uris.items()})
        for view in planned.staging + planned.gold:
            engine.view(view)
        rows = engine.rows(f"select * from {relation}")
    cases.require(found, rows)
