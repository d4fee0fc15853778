"""What can be wrong with a line; trouble with AWS stays the SDK's own exceptions."""

from __future__ import annotations

from lambda_validator.reasons import Code


class LineFault(ValueError):
    """A line that makes its file unusable; `at` counts bytes from the line's start."""

    def __init__(self, code: Code, detail: str, at: int = 0, *, cut_off: bool = False) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.at = at
        self.cut_off = cut_off


class UnreadableError(Exception):
    """An object version that cannot be read, by its producer's doing: a verdict, not trouble."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
