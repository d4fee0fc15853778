"""What a cast can give beside a value: nothing that counts, or a value that had to be rounded."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, NamedTuple


class Wrong(Enum):
    """The type of `WRONG`, which says that a token is no value of its column."""

    WRONG = "wrong"


WRONG: Final = Wrong.WRONG


class Rounded(NamedTuple):
    """A value that is not quite the number that was written."""

    value: Any
