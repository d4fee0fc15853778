"""What stands where in the records of a dataset: one field per path, with all its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lakegate.files.lines.parse import Number

Path = tuple[str, ...]
DEEPEST = 4
MOST_KEYS = 40  # more in one object are data and no fields


@dataclass
class Field:
    """The tokens of one path, one per record; None where there is none."""

    path: Path
    tokens: list[Any] = field(default_factory=list)

    @property
    def present(self) -> list[Any]:
        """The tokens that are not null."""
        return [token for token in self.tokens if token is not None]

    @property
    def is_nested(self) -> bool:
        """Whether an array or an object stands there, which is kept as JSON text."""
        return any(isinstance(token, (list, dict)) for token in self.tokens)


def fields(records: Sequence[dict[str, Any]]) -> list[Field]:
    """The fields of records in the order in which they are first seen; no key is empty."""
    return [
        found
        for key in _keys(records)
        for found in _below((key,), [record.get(key) for record in records])
    ]


def _keys(objects: Sequence[dict[str, Any]]) -> list[str]:
    return [key for key in dict.fromkeys(key for one in objects for key in one) if key]


def _below(path: Path, tokens: list[Any]) -> list[Field]:
    """The field itself, or those within, where nothing but small objects of like keys stand."""
    present = [token for token in tokens if token is not None]
    if not present or not all(isinstance(token, dict) for token in present):
        return [Field(path, tokens)]
    keys = _keys(present)
    if not keys or len(path) >= DEEPEST or len(keys) > MOST_KEYS:
        return [Field(path, tokens)]
    inner = [
        found
        for key in keys
        for found in _below(
            (*path, key), [token.get(key) if token is not None else None for token in tokens]
        )
    ]
    return inner if len(inner) <= MOST_KEYS else [Field(path, tokens)]


def is_text(token: Any) -> bool:
    """Whether it stands in quotes."""
    return isinstance(token, str) and not isinstance(token, Number)
