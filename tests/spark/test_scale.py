"""What the session sets by the size of a batch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from glue_jobs import session

PARTITIONS = "spark.sql.shuffle.partitions"
HASHED = "spark.sql.adaptive.maxShuffledHashJoinLocalMapThreshold"


@pytest.fixture
def settings(spark: SparkSession) -> Iterator[SparkSession]:
    """The session, put back afterwards."""
    before = {key: spark.conf.get(key) for key in (PARTITIONS, HASHED)}
    yield spark
    for key, value in before.items():
        spark.conf.set(key, str(value))


@pytest.mark.parametrize(
    ("size", "partitions", "hashed"),
    [(0, "2", "64m"), (1024**3, "16", "64m"), (1024**3 + 1, "17", "0"), (6 * 10**12, "89407", "0")],
)
def test_only_a_small_batch_is_hashed(
    settings: SparkSession, size: int, partitions: str, hashed: str
) -> None:
    session.scale(settings, size)
    assert settings.conf.get(PARTITIONS) == partitions
    assert settings.conf.get(HASHED) == hashed
