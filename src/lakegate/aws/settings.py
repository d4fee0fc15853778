"""What a function is told by its environment: one way to read it into a frozen dataclass."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

S = TypeVar("S")


def read(kind: type[S], environment: Mapping[str, str]) -> S:
    """The settings of that kind: its fields are the environment's keys in lower case.

    Raises KeyError with the name of one that is missing and has no default.
    """
    assert dataclasses.is_dataclass(kind)
    values: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        name = field.name.upper()
        if name in environment:
            values[field.name] = environment[name]
        elif field.default is dataclasses.MISSING:
            raise KeyError(name)
    return kind(**values)


def function_mib(environment: Mapping[str, str]) -> int | None:
    """What Lambda says of the memory of this function; None where there is no function."""
    given = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    return int(given) if given else None
