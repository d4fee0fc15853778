"""Columns that no module knows by name, made from their types alone."""

from __future__ import annotations

from lakegate.contract import Column, Dataset
from scripts.generator.draws import I64, U8, Draws
from scripts.generator.tables import season
from scripts.generator.tables.cells import (
    Cell,
    beside,
    cents,
    digits,
    hexadecimal,
    nullable,
    pick,
    table,
    timestamps,
)
from scripts.generator.tables.people import People

_NULL_SHARE = 0.02
_MOST = 9_999
_PLACES = 2
_BOOLEAN = table([b"false", b"true"])


def column_cell(people: People, name: str, dataset: Dataset, column: Column, index: I64) -> Cell:
    """One column of a dataset called `name`: keys differ, references fit, some optionals null."""
    draws = people.draws
    stream = f"{name}.{column.name}"
    if refers_to_users(dataset, column.name):
        user = people.visitors(stream, index)
        text = digits(user + 1, people.count)
    elif (column.name,) == dataset.primary_key and column.type != "string":
        text = digits(index + 1, 10**12)
    else:
        text = _text(draws, stream, column, index)
    if not column.required:
        text = beside(text, b"\0\0\0")
        text = nullable(text, draws.chance(f"{stream}.null", index, _NULL_SHARE))
    return Cell(text)


def refers_to_users(dataset: Dataset, column: str) -> bool:
    """Whether the values of a column are keys of users."""
    reference = dataset.references.get(column)
    return reference is not None and reference.dataset == "users"


def _text(draws: Draws, stream: str, column: Column, index: I64) -> U8:
    if column.allowed:
        values = table([f'"{value}"'.encode() for value in column.allowed])
        text = pick(values, draws.below(stream, index, len(column.allowed)))
    elif column.type == "string":
        text = beside(b'"', hexadecimal(draws.bits(stream, index)), b'"')
    elif column.type == "timestamp":
        text = timestamps(season.instants(draws.within(stream, index, season.length())))
    elif column.type == "boolean":
        text = pick(_BOOLEAN, draws.below(stream, index, 2))
    elif column.decimal or column.type == "double":
        text = _fraction(draws, stream, column.decimal or (15, 2), index)
    else:
        text = digits(draws.below(stream, index, _MOST + 1), _MOST)
    return text


def _fraction(draws: Draws, stream: str, decimal: tuple[int, int], index: I64) -> U8:
    """Numbers below 10,000 with no more places than fit."""
    precision, scale = decimal
    whole = min(len(str(_MOST)), precision - scale)
    if scale < _PLACES:
        return digits(draws.below(stream, index, 10**whole), _MOST)
    return cents(draws.below(stream, index, 10 ** (whole + _PLACES)), _MOST * 100)
