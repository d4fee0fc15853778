"""The first lines of a file, read by Spark's own file systems without a job."""

from __future__ import annotations

from typing import Any

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
from pyspark.sql import SparkSession

from lakegate.transform.engines.spark.cause import cause
from lakegate.transform.errors import InputError

BYTES = 256 * 1024


def first_lines(spark: SparkSession, uri: str) -> list[bytes]:
    """The whole lines among the first bytes of a file, or what there is of the first line.

    Raises InputError that names a file that cannot be read.
    """
    jvm: Any = spark._jvm
    try:
        path = jvm.org.apache.hadoop.fs.Path(uri)
        system = path.getFileSystem(spark._jsc.hadoopConfiguration())
        size = min(BYTES, system.getFileStatus(path).getLen())
        stream = system.open(path)
        try:
            head = bytes(jvm.org.apache.commons.io.IOUtils.toByteArray(stream, size))
        finally:
            stream.close()
    except Py4JJavaError as error:
        raise InputError(f"{uri}: cannot be read: {cause(error)}") from error
    lines = head.split(b"\n")
    return lines if len(lines) == 1 else lines[:-1]
