"""Tells what ran out from errors of the code, and ends a run whose time is over."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
from duckdb import DuckDBPyConnection

from lakegate.files.masking import without_values
from lakegate.ledger.engines.choice import OUT_OF_DISK, OUT_OF_MEMORY, OUT_OF_TIME
from lakegate.transform.errors import ExhaustedError

AGAIN_SECONDS = 0.2
OF_DISK = ("max_temp_directory_size", "no space left", "disk full")


@contextmanager
def told_apart(deadline: Deadline) -> Iterator[None]:
    """Raises ExhaustedError instead of an error that says that memory, disk or time ran out."""
    try:
        yield
    except duckdb.InterruptException as error:
        if deadline.is_over:
            raise deadline.error() from error
        raise
    except (MemoryError, OSError, duckdb.Error) as error:
        kind = _kind(error)
        if kind is None:
            raise
        raise ExhaustedError(kind, first_line(error)) from error


def first_line(error: BaseException) -> str:
    """Type and first line of the error, without what it tells of a row."""
    if isinstance(error, duckdb.InvalidInputException):  # its text may be a value as a whole
        return type(error).__name__
    line = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    return without_values(line) if isinstance(error, duckdb.DataError) else line


def _kind(error: MemoryError | OSError | duckdb.Error) -> str | None:
    said = str(error).lower()
    if isinstance(error, OSError):
        return OUT_OF_DISK if error.errno in (errno.ENOSPC, errno.EDQUOT) else None
    if any(words in said for words in OF_DISK):
        return OUT_OF_DISK
    return OUT_OF_MEMORY if isinstance(error, MemoryError | duckdb.OutOfMemoryException) else None


class Deadline:
    """A time in seconds from now after which queries are interrupted; None is never."""

    def __init__(self, seconds: float | None = None) -> None:
        self._at = None if seconds is None else time.monotonic() + seconds
        self._done = threading.Event()

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self._at is not None and time.monotonic() >= self._at

    def check(self) -> None:
        """Raises ExhaustedError if the time is over."""
        if self.is_over:
            raise self.error()

    @staticmethod
    def error() -> ExhaustedError:
        """What is raised then."""
        return ExhaustedError(OUT_OF_TIME, "the run would not have ended before its function")

    @contextmanager
    def interrupting(self, connection: DuckDBPyConnection) -> Iterator[None]:
        """Interrupts what the connection does once the time is over."""
        watch = threading.Thread(target=self._watch, args=(connection,), daemon=True)
        if self._at is not None:
            watch.start()
        try:
            yield
        finally:
            self._done.set()
            if self._at is not None:
                watch.join()

    def _watch(self, connection: DuckDBPyConnection) -> None:
        assert self._at is not None
        pause = max(0.0, self._at - time.monotonic())
        while not self._done.wait(pause):
            connection.interrupt()  # again and again: between two queries it would be lost
            pause = AGAIN_SECONDS
