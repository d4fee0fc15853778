"""One line of the table of functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lakegate.transform.sql.errors import SqlError
from lakegate.transform.sql.types import Type

Kinds = Sequence[Type]
INTEGER = re.compile(r"-?[0-9]+")


def whole(name: str, constant: str | None) -> int:
    """The constant that a function takes as an integer. Raises SqlError if it is none."""
    if constant is None or not INTEGER.fullmatch(constant):
        raise SqlError(f"{name}: {constant!r} is no whole number")
    return int(constant)


@dataclass(frozen=True)
class Function:
    """What both engines answer alike.

    `takes` has a kind per argument: `string`, `boolean`, `date`, `timestamp`, `integer`, `number`,
    `double`, `decimal`, `any`, `same` (all of one type) or `constant`; `int`, `date only` and
    `timestamp only` take nothing near; `?` is one that may be left out, `…` any number more.
    `gives` is Spark's type: its name, `same`, or what a function finds. `duckdb` has `{0}`, `{1}`,
    … for the arguments and `agg_…` for what a window or filter belongs to; `duck` is the type that
    DuckDB gives where it is another. `tests/sql/functions.yaml` has expressions for each, which a
    test runs on both engines.
    """

    name: str
    takes: str
    gives: str | Callable[[Kinds], Type]
    duckdb: str | Callable[[Kinds, Sequence[str | None]], str]
    duck: str = ""
    remark: str = ""
    aggregate: bool = False
    window: bool = False  # only with `over`
    title: str = ""  # of the type, where `gives` is found
