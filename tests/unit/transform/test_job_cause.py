"""A run that fails says in one line why, also when the reason is deep inside of Spark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]

from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.errors import InputError
from lakegate.transform.run import TROUBLE
from lakegate.transform.run import cause as cause_in_run


@dataclass
class Thrown:
    """A Java exception as py4j hands it out."""

    text: str
    inner: Thrown | None = None

    def getCause(self) -> Thrown | None:
        return self.inner

    def toString(self) -> str:
        return self.text


class Wrapped(Py4JJavaError):  # type: ignore[misc]
    """What Spark raises when the JVM threw something."""

    def __init__(self, thrown: Any) -> None:
        self.java_exception = thrown


def cause(error: BaseException) -> str:
    """What a run on Spark says of an error."""
    return cause_in_run(error, SparkEngine(None, None))  # type: ignore[arg-type]


def test_the_innermost_java_cause_is_shown() -> None:
    denied = "java.nio.file.AccessDeniedException: s3a://gold/user_activity: 403 Forbidden\n  at x"
    error = Wrapped(Thrown("SparkException: Job aborted", Thrown("IOException", Thrown(denied))))
    assert isinstance(error, SparkEngine.trouble)
    assert cause(error) == denied.splitlines()[0]


def test_no_value_of_a_row_is_told() -> None:
    said = "org.apache.spark.SparkDateTimeException: [CAST] The value 'Ana 4711' of \"x\" is 5"
    assert cause(Wrapped(Thrown("SparkException: stage", Thrown(said)))) == (
        "org.apache.spark.SparkDateTimeException: [CAST] The value 'Aaa 9999' of \"a\" is 9"
    )


def test_an_answer_of_aws_is_shown_with_its_code_and_call() -> None:
    answer = {"Error": {"Code": "AccessDenied", "Message": "no"}}
    error = ClientError(answer, "PutObject")  # type: ignore[arg-type]
    assert isinstance(error, TROUBLE)
    assert "AccessDenied" in cause(error)
    assert "PutObject" in cause(error)


def test_an_error_of_ours_is_its_type_and_first_line() -> None:
    assert cause(InputError("users: no lines in a\nand more")) == "InputError: users: no lines in a"


def test_a_mistake_in_the_code_is_no_trouble() -> None:
    assert not isinstance(KeyError("x"), TROUBLE + SparkEngine.trouble)
