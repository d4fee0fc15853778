"""The hand-written table of tokens and values, for the judge and for both engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from lakegate.contract.model import Column

TABLE = Path(__file__).parent / "casts.yaml"
REPEAT = re.compile(r"\{(\d+) \* (.)\}")
VALUES: dict[str, Callable[[str], Any]] = {
    "string": str,
    "json": str,
    "bigint": int,
    "int": int,
    "double": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "timestamp": lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
    "date": date.fromisoformat,
}


@dataclass(frozen=True)
class Case:
    """A token of a column and what the casts make of it; `value` is None if `wrong` or null."""

    column: Column
    casts: str
    token: str
    wrong: bool
    rounded: bool
    value: Any

    def __str__(self) -> str:
        return f"{self.column.type} {self.casts} {self.token[:40]}"

    @property
    def line(self) -> bytes:
        """A line that holds nothing else."""
        return f'{{"c":{self.token}}}'.encode()


def cases() -> list[Case]:
    """Every row of the table, once for each way to cast."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    found = []
    for name, rows in table.items():
        type_, _, epoch = name.partition(" in ")
        column = Column("c", type_, epoch=epoch or None)
        for token, strict, *lenient in rows:
            whole = REPEAT.sub(lambda match: int(match[1]) * match[2], token)
            found.append(_case(column, "strict", whole, strict))
            found.append(_case(column, "lenient", whole, lenient[0] if lenient else strict))
    return found


def _case(column: Column, casts: str, token: str, said: str) -> Case:
    value = None
    if said[:2] in ("= ", "~ "):
        read = Decimal if column.decimal else VALUES[column.type]
        value = read(said[2:])
    return Case(column, casts, token, said == "wrong", said[:1] == "~", value)
