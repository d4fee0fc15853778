"""Cases of a project: rows in by dataset, rows out of one table, as data.

`tests/<table>/<case>.yaml` has `given`, rows or raw lines by dataset, and `expect`, the rows of the
table in the columns that matter, in any order; `because` may say what it is about. A dataset that
is not given is empty.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lakegate.files.lines.parse import Number
from lakegate.trial import tokens
from lakegate.trial.errors import CaseError

KEYS = ("because", "given", "expect")


@dataclass(frozen=True)
class Case:
    """Lines by dataset and the rows that the table must have; values are tokens."""

    table: str
    name: str
    lines: dict[str, list[bytes]]
    expect: list[dict[str, Any]]


def paths(folder: Path) -> list[Path]:
    """The files of all cases below a project's `tests` folder."""
    return sorted(folder.glob("*/*.yaml"))


def load(path: Path, datasets: Collection[str], tables: Collection[str]) -> Case:
    """The case of a file. Raises CaseError."""
    table = path.parent.name
    _require_known(path, "folder", [table], tables)
    try:
        found = tokens.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CaseError(f"{path}: cannot be read: {error}") from error
    if not isinstance(found, dict) or "expect" not in found:
        raise CaseError(f"{path}: a mapping with given and expect is needed")
    _require_known(path, "key", found, KEYS)
    given, expect = found.get("given") or {}, found["expect"] or []
    if not isinstance(given, dict) or not all(isinstance(rows, list) for rows in given.values()):
        raise CaseError(f"{path}: given: a list of rows for each dataset is needed")
    if not isinstance(expect, list) or not all(isinstance(row, dict) for row in expect):
        raise CaseError(f"{path}: expect: a list of rows is needed, each a mapping")
    _require_known(path, "given", given, datasets)
    lines = {dataset: [_line(path, row) for row in rows] for dataset, rows in given.items()}
    return Case(table, path.stem, lines, expect)


def _line(path: Path, row: Any) -> bytes:
    if isinstance(row, dict):
        return tokens.as_json(row).encode()
    if isinstance(row, str) and not isinstance(row, Number):
        return row.encode()
    raise CaseError(f"{path}: given: a row is a mapping, or the text of a line")


def _require_known(path: Path, where: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            meant = f", {near[0]} is meant?" if near else ""
            raise CaseError(f"{path}: {where} {name}: not one of {', '.join(known)}{meant}")
