"""What is otherwise than a case expects, row by row and column by column."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lakegate.contract import Column
from lakegate.files.lines import casts
from lakegate.files.lines.values import WRONG, Rounded
from lakegate.transform.sql.errors import meant
from lakegate.trial.errors import CaseError

Row = Mapping[str, Any]
CLOSE = 1e-9  # how far doubles may be apart, relative to their size


def differences(
    expect: Sequence[Row],
    found: Sequence[Row],
    kinds: Mapping[str, str],
    grain: Sequence[str],
    at: Sequence[int] = (),
) -> list[str]:
    """A line per difference, none if there is none; rows are told apart by the grain if they can.

    `at` are the lines of the file where the expected rows stand. Raises CaseError for a column that
    the table has not, or a value that its type has not.
    """
    wanted = []
    for place, row in enumerate(expect):
        where = f" (line {at[place]})" if at else ""
        try:
            wanted.append(({name: value(name, row[name], kinds) for name in row}, where))
        except CaseError as error:
            raise CaseError(str(error), ("expect", place, *error.where)) from error
    key = tuple(grain) if all(set(grain) <= row.keys() for row, _ in wanted) else ()
    return list(_by_key(wanted, found, key) if key else _by_all(wanted, found))


def value(name: str, token: Any, kinds: Mapping[str, str]) -> Any:
    """What a token of a case is in a column's type."""
    if name not in kinds:
        told = f"expect: there is no column {name}{meant(name, kinds)}"
        raise CaseError(f"{told} There are {', '.join(kinds)}", (name,))
    if token is None or kinds[name] == "string":
        return token
    read = casts.cast(Column(name, kinds[name]), "lenient")(token)
    if read is WRONG or isinstance(read, Rounded):
        raise CaseError(f"expect: {name}: {token} is no {kinds[name]}", (name,))
    return read


Wanted = tuple[Row, str]  # a row, and where it stands


def _by_key(wanted: Sequence[Wanted], found: Sequence[Row], key: Sequence[str]) -> Iterator[str]:
    rows = {tuple(row[name] for name in key): row for row in found}
    for row, where in wanted:
        mine = tuple(row[name] for name in key)
        other = rows.pop(mine, None)
        label = _shown({name: row[name] for name in key})
        if other is None:
            yield f"missing   {_shown(row)}{where}"
            continue
        for name in row:
            if not _same(row[name], other[name]):
                told = f"{name} is {_text(other[name])}, not {_text(row[name])}"
                yield f"differs   {label}: {told}{where}"
    yield from (f"too many  {_shown(row)}" for row in rows.values())


def _by_all(wanted: Sequence[Wanted], found: Sequence[Row]) -> Iterator[str]:
    left = list(found)
    for row, where in wanted:
        alike = next((o for o in left if all(_same(row[name], o[name]) for name in row)), None)
        if alike is None:
            yield f"missing   {_shown(row)}{where}"
        else:
            left.remove(alike)
    yield from (f"too many  {_shown(row)}" for row in left)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE)
    return bool(one == other)


def _shown(row: Row) -> str:
    return ", ".join(f"{name} {_text(item)}" for name, item in row.items())


def _text(item: Any) -> str:
    return "null" if item is None else str(item)
