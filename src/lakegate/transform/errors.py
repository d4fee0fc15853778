"""Why a run fails; each message is one line that names the cause."""

from __future__ import annotations

from lakegate.ledger.records import REFUSED


class JobError(Exception):
    """A run that must not publish; the entry script prints the message and exits with 1.

    `kind` is what the report says of it, where that decides how the batch goes on.
    """

    kind: str | None = None


class ArgumentError(JobError):
    """The job was started with missing or unknown arguments."""


class InputError(JobError):
    """An input is missing or empty."""


class ExhaustedError(JobError):
    """The machine was too small; `kind` is one of `lakegate.ledger.engines.choice.TOO_SMALL`."""

    kind: str

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class EngineError(JobError):
    """An engine did not do what it was asked for; nothing was published."""


class BalanceError(JobError):
    """Rows went missing or were counted twice; nothing was published."""


class ThresholdError(JobError):
    """More rows of a dataset were rejected than the contract allows."""

    kind = REFUSED


class CheckError(JobError):
    """A check of the contract does not hold on the written table."""

    kind = REFUSED


class PlanError(ValueError):
    """SQL of a project that no run could carry out; said when it is built."""
