"""Errors of the commands."""

from __future__ import annotations


class LocalError(Exception):
    """Something on this machine is missing or in the way: `what` it is and what to do, `remedy`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}: {remedy}")
        self.what = what
        self.remedy = remedy


class FlowError(Exception):
    """A batch did not get to gold: `what` went wrong and `where` more is written."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} ({where})")
        self.what = what
        self.where = where
