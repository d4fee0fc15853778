"""What is said of Spark in `tests/sql/spark_answers.json` is what Spark says.

Write it anew, after a function was added, with `SPARK_ANSWERS=write`.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any

from pyspark.sql import SparkSession

from tests.sql import sample


def test_spark_gives_these_answers(spark: SparkSession) -> None:
    schema = ", ".join(
        f"{name} {kind.replace('json', 'string')}" for name, kind in sample.COLUMNS.items()
    )
    spark.createDataFrame(sample.ROWS, schema).coalesce(1).createOrReplaceTempView("sample")
    found: dict[str, Any] = {}
    for texts, query in sample.together():
        found |= zip(texts, answers(spark, query), strict=True)
    if os.environ.get("SPARK_ANSWERS") == "write":
        lines = [f"{json.dumps(text)}: {json.dumps(given)}" for text, given in found.items()]
        sample.ANSWERS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    expected = json.loads(sample.ANSWERS.read_text(encoding="utf-8"))
    assert found.keys() == expected.keys()
    wrong = {
        text: (given, expected[text])
        for text, given in found.items()
        if given[0] != expected[text][0] or not sample.alike(given[1], expected[text][1])
    }
    assert not wrong


def answers(spark: SparkSession, query: str) -> list[tuple[str, list[list[Any]]]]:
    """Type and rows of each column of a query but the first, instants in UTC."""
    frame = spark.sql(query)
    rows = [[in_utc(value) for value in row] for row in frame.collect()]
    return [
        (field.dataType.simpleString(), sample.encoded([row[0], row[place]] for row in rows))
        for place, field in enumerate(frame.schema)
        if place
    ]


def in_utc(value: Any) -> Any:
    """A local time as PySpark gives it, in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
