"""Why a job failed, in one line."""

from __future__ import annotations

import pytest

from local.glue.runs.cause import of_failure

PYTHON = """26/11/22 10:00:00 WARN NativeCodeLoader: Unable to load native-hadoop library
Traceback (most recent call last):
  File "job.py", line 3, in <module>
    raise ValueError("no such column")
ValueError: no such column
"""
JAVA = """Traceback (most recent call last):
  File "job.py", line 3, in <module>
    frame.collect()
py4j.protocol.Py4JJavaError: An error occurred while calling o41.json.
: org.apache.spark.SparkException: Job aborted due to stage failure
\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:1)
\t... 17 more
Caused by: java.io.IOException: disk quota exceeded
\tat java.base/java.io.FileOutputStream.writeBytes(Native Method)
"""
CHAINED = (
    PYTHON
    + """
The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "job.py", line 9, in <module>
    main()
glue_jobs.errors.JobError: batch b1: counts differ
"""
)
EXIT = """2026-11-22 10:00:00,123 INFO botocore.credentials Found credentials
user_activity failed: AccessDenied: not authorized
2026-11-22 10:00:01,123 INFO py4j.clientserver Closing down clientserver connection
"""


@pytest.mark.parametrize(
    ("stderr", "code", "cause"),
    [
        (PYTHON, 1, "ValueError: no such column"),
        (
            JAVA,
            1,
            "org.apache.spark.SparkException: Job aborted due to stage failure"
            " (caused by java.io.IOException: disk quota exceeded)",
        ),
        (CHAINED, 1, "JobError: batch b1: counts differ"),
        (
            EXIT,
            1,
            "user_activity failed: AccessDenied: not authorized"
            " (the job's process ended with code 1)",
        ),
        ("", -9, "nothing in its error log (the job's process was killed by signal 9)"),
    ],
    ids=["python", "java", "chained", "exit", "killed"],
)
def test_the_cause_is_one_line(stderr: str, code: int, cause: str) -> None:
    assert of_failure(stderr, code) == cause


def test_a_long_cause_is_cut() -> None:
    assert len(of_failure("x" * 5000, 1)) == 1000
