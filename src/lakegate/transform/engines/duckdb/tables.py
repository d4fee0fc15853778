"""Names, texts and types as DuckDB's SQL has them, and the tables that lines are read into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from lakegate.contract import Column
from lakegate.transform.engines.duckdb import plain

KINDS = {"string": "varchar", "json": "varchar", "int": "integer", "timestamp": "timestamptz"}


def quoted(name: str) -> str:
    """The name as an identifier, whatever word it is."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """The value as a string literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """The values as a list of string literals."""
    return f"[{', '.join(map(text, values))}]"


def kind(column: Column) -> str:
    """The type of a column's values; a timestamp is an instant."""
    return KINDS.get(column.type, column.type)


def lines(name: str) -> str:
    """The relation that all SQL of a dataset begins with."""
    return quoted(f"lines_{name}")


def split(name: str) -> str:
    """The lines of a dataset by number, which is their row id: values, or `_unproven` the line."""
    return quoted(f"_split_{name}")


def judged(name: str) -> str:
    """What the judge said of the lines that are not proven."""
    return quoted(f"_judged_{name}")


def odd(name: str) -> str:
    """The lines that could not be read as they are: their text and, if not UTF-8, their bytes."""
    return quoted(f"_odd_{name}")


def lines_of(paths: Iterable[Path], longest: int, columns: Mapping[str, str]) -> str:
    """The rows of prepared files, one a line."""
    kinds = ", ".join(f"{quoted(name)}: {text(kind)}" for name, kind in columns.items())
    size = max(2 * 2**20, 2 * longest)  # base64 makes four bytes of three
    return (
        f"read_csv({texts(map(str, paths))}, auto_detect = false, header = false, "
        f"delim = '{plain.SEPARATOR}', quote = '', escape = '', new_line = '\\n', "
        f"columns = {{{kinds}}}, max_line_size = {size})"
    )
