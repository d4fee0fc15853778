"""The one line of an error of Spark's that says what happened."""

from __future__ import annotations

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]


def cause(error: BaseException) -> str:
    """Type and first line of the error; of a Java error, those of the innermost cause."""
    if isinstance(error, Py4JJavaError):
        java = error.java_exception
        while java.getCause() is not None:
            java = java.getCause()
        return _first_line(java.toString())
    return _first_line(f"{type(error).__name__}: {error}")


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0]
