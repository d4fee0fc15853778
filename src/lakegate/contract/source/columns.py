"""What must hold for the columns of a dataset or of a gold table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lakegate.contract.model import IDENTIFIER
from lakegate.contract.source import values
from lakegate.contract.source.spec import ColumnSpec, GoldColumnSpec
from lakegate.contract.source.structure import Found, Where, one_of, shown

NO_NAME = (
    "{} is no name: lower case letters, digits and _ only, a letter first, at most 63 characters"
)
NO_DEFAULT = "a required column is never null, so it has no default"


def check(
    where: Where, found: Sequence[ColumnSpec | GoldColumnSpec], max_depth: int
) -> Iterator[Found]:
    """All faults of the columns at that place."""
    for name, count in Counter(column.name for column in found).items():
        if count > 1:
            yield (*where, name), f"{shown(name)} stands {count} times"
    for column in found:
        at = (*where, column.name)
        if not IDENTIFIER.fullmatch(column.name):
            yield (*at, "name"), NO_NAME.format(shown(column.name))
        if (wrong := values.wrong_type(column.type)) is not None:
            yield (*at, "type"), wrong
        elif isinstance(column, ColumnSpec):
            yield from _values(at, column)
        if isinstance(column, ColumnSpec):
            yield from _source(at, column, max_depth)


def _values(at: Where, column: ColumnSpec) -> Iterator[Found]:
    if column.epoch is not None and column.type not in ("timestamp", "date"):
        yield (*at, "epoch"), f"is for timestamp and date; {column.name} is {column.type}"
    if column.default is not None:
        if column.required:
            yield (*at, "default"), NO_DEFAULT
        if (right := values.expected(column.type, column.default)) is not None:
            yield (*at, "default"), f"{shown(column.default)} is not {right}"
    if column.allowed is None:
        return
    if column.type != "string" and column.type not in values.INTEGERS:
        yield (*at, "allowed"), f"is for string, bigint and int; {column.name} is {column.type}"
        return
    if not column.allowed:
        yield (*at, "allowed"), "at least one value is needed"
    for value in column.allowed:
        if (right := values.expected(column.type, value)) is not None:
            yield (*at, "allowed"), f"{shown(value)} is not {right}"
    for value, count in Counter(map(shown, column.allowed)).items():
        if count > 1:
            yield (*at, "allowed"), f"{value} stands {count} times"
    if column.default is not None and column.default not in column.allowed:
        allowed = one_of(column.default, map(str, column.allowed))
        yield (*at, "default"), f"{shown(column.default)} is not allowed; allowed are {allowed}"


def _source(at: Where, column: ColumnSpec, max_depth: int) -> Iterator[Found]:
    if column.source is None:
        return
    if not column.source or not all(column.source):
        yield (*at, "source"), "a path has a key before and behind each dot"
    if len(column.source) > max_depth:
        yield (*at, "source"), f"is deeper than limits.max_depth, {max_depth}"
