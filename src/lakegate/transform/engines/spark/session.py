"""The Spark session and the settings that the job's results depend on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pyspark.sql import SparkSession

# Everything here can be set on a running session, so tests and Glue get the same.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    # Spark 3.5's default on every version: what is divided by zero or is no number is null.
    "spark.sql.ansi.enabled": "false",
    # The same for decimals that need more than 38 digits beside one another: they keep their scale.
    "spark.sql.legacy.decimal.retainFractionDigitsOnTruncate": "true",
    # "${env:HOME}" is text: the SQL of a project reads neither environment nor settings.
    "spark.sql.variable.substitute": "false",
    # Averages of decimals are computed exactly and not by way of doubles.
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.DecimalAggregates"
    ),
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # Instants before 1900 are written and read as they are.
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.adaptive.enabled": "true",
    # The JVM never compiles a method of more than 8000 bytes; Spark then writes smaller ones.
    "spark.sql.codegen.hugeMethodLimit": "8000",
    # What only some lines need is not computed ahead for all of them.
    "spark.sql.subexpressionElimination.skipForShortcutExpr": "true",
    # What is cached is read a few times only: compressing it costs more than it saves.
    "spark.sql.inMemoryColumnarStorage.compressed": "false",
    # Lines of 1 MiB each must fit into a worker.
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    # Bytes that are not UTF-8 are replaced and then recognised, instead of ending the run.
    "spark.sql.legacy.codingErrorAction": "true",
}
# While gold is written. What joins users is shuffled, not broadcast for its size, and what is
# shuffled is merged for the tasks: a third of these bytes is left in the file of each.
LARGE_FILES = {
    "spark.sql.adaptive.advisoryPartitionSizeInBytes": "384m",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
}
BYTES_PER_PARTITION = 64 * 1024 * 1024  # of JSON; what is shuffled of it is less


def build(name: str) -> SparkSession:
    """The session of this process; master, S3A and memory come from outside."""
    return configure(SparkSession.builder.appName(name).getOrCreate())


def configure(spark: SparkSession) -> SparkSession:
    """The same session with the job's settings."""
    for key, value in SETTINGS.items():
        spark.conf.set(key, value)
    return spark


def scale(spark: SparkSession, input_bytes: int) -> None:
    """Sets as many shuffle partitions as the batch needs: 200 cost seconds on a small one."""
    partitions = max(2, -(-input_bytes // BYTES_PER_PARTITION))
    spark.conf.set("spark.sql.shuffle.partitions", str(partitions))


@contextmanager
def large_files(spark: SparkSession) -> Iterator[None]:
    """Has the last tasks of a query write files of about 128 MB, and of little a single one."""
    before = {key: str(spark.conf.get(key)) for key in LARGE_FILES}
    for key, value in LARGE_FILES.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key, value in before.items():
            spark.conf.set(key, value)
