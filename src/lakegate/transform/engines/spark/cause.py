"""The one line of an error of Spark's that says what happened."""

from __future__ import annotations

import re

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]

from lakegate.files.masking import without_values

# Those that are about a value, and quote it.
OF_DATA = re.compile(r"[\w.]*(?:Arithmetic|DateTime\w*|NumberFormat|SparkRuntime)Exception\b")


def cause(error: BaseException) -> str:
    """Type and first line of the error; of a Java error, those of the innermost cause.

    No value of a row is told.
    """
    line = told(error).strip().splitlines()[0]
    return without_values(line) if OF_DATA.match(line) else line


def told(error: BaseException) -> str:
    """All that is said by the error, or by the innermost cause of a Java error."""
    if isinstance(error, Py4JJavaError):
        java = error.java_exception
        while java.getCause() is not None:
            java = java.getCause()
        return str(java.toString())
    return f"{type(error).__name__}: {error}"
