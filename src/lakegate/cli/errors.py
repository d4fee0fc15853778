"""What lakegate refuses, each with the exit code that scripts can rely on."""

from __future__ import annotations


class LakegateError(Exception):
    """A sentence for a person; `exit_code` is for a script."""

    exit_code = 1


class UsageError(LakegateError):
    """What was named cannot be used: a folder that is there, files that are no data."""

    exit_code = 2


class FailedCasesError(LakegateError):
    """Cases of a project that do not hold."""


class NotConfiguredError(LakegateError):
    """The environment does not say where the lake is."""

    exit_code = 3


class NotFoundError(LakegateError):
    """No such batch, revision or report."""

    exit_code = 4


class RefusedError(LakegateError):
    """The request makes no sense for what is there: a wrong name, a batch in the wrong state."""

    exit_code = 5


class BatchFailedError(LakegateError):
    """A watched batch ended without a publication."""

    exit_code = 6


class TimedOutError(LakegateError):
    """A watched batch did not end in time."""

    exit_code = 7
