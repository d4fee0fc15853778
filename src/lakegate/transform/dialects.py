"""The few words in which the SQL of the engines differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lakegate.contract import Column

Views = Mapping[str, Mapping[str, str]]  # view to column to Spark's type


def _as_it_is(sql: str, known: Views) -> str:
    del known
    return sql


def _in_duckdb(sql: str, known: Views) -> str:
    from lakegate.transform.sql import to_duckdb  # noqa: PLC0415 - only where a project is built

    return to_duckdb(sql, known)


@dataclass(frozen=True)
class Dialect:
    """How one engine writes names, texts, types and what has no common form.

    `translated` turns Spark SQL that people wrote over known views into the engine's own.
    """

    name: str
    quote: str
    escapes: tuple[tuple[str, str], ...]
    hash: str
    row_hash: str
    unnest: str
    types: dict[str, str] = field(default_factory=dict)
    translated: Callable[[str, Views], str] = _as_it_is

    def quoted(self, name: str) -> str:
        """The name as an identifier, whatever word it is."""
        return f"{self.quote}{name}{self.quote}"

    def text(self, value: str) -> str:
        """The value as a string literal."""
        for plain, escaped in self.escapes:
            value = value.replace(plain, escaped)
        return f"'{value}'"

    def literal(self, column: Column) -> str:
        """The default of a column as a value of its type."""
        value = column.default
        written = str(value).lower() if isinstance(value, bool) else str(value)
        if column.type in ("string", "json"):
            return self.text(written)
        return f"cast({self.text(written)} as {self.types.get(column.type, column.type)})"

    def unnested(self, array: str) -> str:
        """One row for each element of an array."""
        return f"{self.unnest}({array})"


SPARK = Dialect(
    name="spark",
    quote="`",
    escapes=(("\\", "\\\\"), ("'", "\\'")),
    hash="xxhash64",
    row_hash="hex(bit_xor(xxhash64({})))",
    unnest="explode",
    types={"json": "string"},
)
DUCKDB = Dialect(
    name="duckdb",
    quote='"',
    escapes=(("'", "''"),),
    hash="hash",
    row_hash="printf('%016X', bit_xor(hash({})))",
    unnest="unnest",
    types={"string": "varchar", "json": "varchar", "timestamp": "timestamptz"},
    translated=_in_duckdb,
)
DIALECTS = {dialect.name: dialect for dialect in (SPARK, DUCKDB)}
