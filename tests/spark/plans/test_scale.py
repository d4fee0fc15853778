"""What the session sets by the size of a batch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from lakegate.transform.engines.spark import session

PARTITIONS = "spark.sql.shuffle.partitions"


@pytest.fixture
def settings(spark: SparkSession) -> Iterator[SparkSession]:
    """The session, put back afterwards."""
    before = str(spark.conf.get(PARTITIONS))
    yield spark
    spark.conf.set(PARTITIONS, before)


@pytest.mark.parametrize(
    ("size", "partitions"), [(0, "2"), (2**30, "16"), (2**30 + 1, "17"), (6 * 10**12, "89407")]
)
def test_a_batch_has_a_partition_for_each_64_mib(
    settings: SparkSession, size: int, partitions: str
) -> None:
    session.scale(settings, size)
    assert settings.conf.get(PARTITIONS) == partitions
