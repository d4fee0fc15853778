"""Records to JSON documents and back, across releases.

The rule: code that knows layout V of a record reads every layout up to V, and a newer one whose
`reads_from` is at most V. Fields that it does not know are ignored, and lost if it writes the
record again; fields that are not there have their defaults. A kind with `upgraded` has the
documents of earlier layouts put into its own terms.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import UTC, datetime
from typing import Any, TypeVar

from lakegate.aws.errors import RecordError

R = TypeVar("R")

# What a record says of its layout is that of the code which writes it, never what was read.
OWN = frozenset({"version", "reads_from"})


def encode(record: Any) -> dict[str, Any]:
    """The JSON document of a record dataclass, as it reads back from storage."""
    document: dict[str, Any] = _plain(record)
    return document


def decode(kind: type[R], document: dict[str, Any]) -> R:
    """The record of a document. Raises RecordError when it is not one of `kind`."""
    known: int = kind.version  # type: ignore[attr-defined]
    try:
        version = document["version"]
        if not 1 <= document.get("reads_from", version) <= known:
            raise RecordError(f"{kind.__name__}: version {version!r} is not known")
        record: R = _build(kind, document)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise RecordError(f"{kind.__name__}: {error}") from error
    return record


def stamp(moment: datetime) -> str:
    """UTC text to the microsecond; texts sort as the moments do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """The moment of a text that `stamp` wrote, or of any ISO 8601 date-time."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _build(kind: Any, value: Any) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else _build(args[0], value)
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        hints = typing.get_type_hints(kind)
        value = getattr(kind, "upgraded", dict)(value)
        names = [field.name for field in dataclasses.fields(kind) if field.name not in OWN]
        return kind(**{name: _build(hints[name], value[name]) for name in names if name in value})
    if origin is tuple:
        return tuple(_build(args[0], item) for item in value)
    if origin is dict:
        return {name: _build(args[1], item) for name, item in value.items()}
    return value
