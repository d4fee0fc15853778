"""What can be wrong with a line or a file; trouble with AWS stays the SDK's own exceptions."""

from __future__ import annotations

from lakegate.aws.errors import LedgerError
from lakegate.files.reasons import Code


class LineFault(ValueError):
    """A line that makes its file unusable; `at` counts bytes from the line's start."""

    def __init__(self, code: Code, detail: str, at: int = 0, *, cut_off: bool = False) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.at = at
        self.cut_off = cut_off


class FileFault(Exception):
    """A file that cannot be converted; `record` counts its records from 1 where one is to blame."""

    def __init__(self, code: Code, detail: str, record: int | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.record = record


class OutOfTimeError(LedgerError):
    """A call that must end before it has read all of a file: trouble, as nobody knows the rest."""

    def __init__(self, read: int, size: int) -> None:
        super().__init__(
            f"{read} of {size} bytes were read when the time of the call was over: give the "
            "function more time or memory, upload the file in parts, or lower "
            "limits.max_full_bytes so that files of that size are refused"
        )


class UnreadableError(Exception):
    """An object version that cannot be read, by its producer's doing: a verdict, not trouble."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
