"""What can be wrong with a case."""

from __future__ import annotations

Where = tuple[str | int, ...]


class CaseError(ValueError):
    """A case that cannot be run; the message says what is wrong and what is allowed.

    `where` leads to the place, key by key and number by number; `line` is known where YAML told it.
    """

    def __init__(self, message: str, where: Where = (), line: int | None = None) -> None:
        super().__init__(message)
        self.where = where
        self.line = line
