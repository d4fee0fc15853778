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

from lakegate.contract.errors import ContractError
from lakegate.contract.source import area, tree
from lakegate.files.lines.parse import Number
from lakegate.trial import tokens
from lakegate.trial.errors import CaseError, Where

KEYS = ("because", "given", "expect")


@dataclass(frozen=True)
class Case:
    """Lines by dataset and the rows that the table must have; values are tokens.

    `at` are the lines of the file where the expected rows stand.
    """

    table: str
    name: str
    lines: dict[str, list[bytes]]
    expect: list[dict[str, Any]]
    at: tuple[int, ...] = ()


def paths(folder: Path) -> list[Path]:
    """All YAML below a project's `tests` folder, also what lies in no table's folder."""
    found = (path for ending in ("yaml", "yml") for path in folder.rglob(f"*.{ending}"))
    parts = ((path, path.relative_to(folder).parts) for path in found)
    return sorted(path for path, names in parts if not any(name[0] == "." for name in names))


def load(path: Path, datasets: Collection[str], tables: Collection[str]) -> Case:
    """The case of a file. Raises CaseError."""
    table = path.parent.name
    _require_known("folder", [table], tables, ())
    root = _tree(path)
    try:
        found = tokens.load(path.read_text(encoding="utf-8-sig"))
    except yaml.YAMLError as error:  # what is merged with << is no mapping
        raise CaseError(f"is not YAML: {error}") from error
    if "expect" not in found:
        raise CaseError("a mapping with given and expect is needed")
    _require_known("key", found, KEYS, ())
    given, expect = found.get("given") or {}, found["expect"] or []
    if not isinstance(given, dict):
        raise CaseError("given: a list of rows for each dataset is needed", ("given",))
    _require_known("given", given, datasets, ("given",))
    for dataset, rows in given.items():
        if not isinstance(rows, list):
            told = f"given: {dataset}: a list of rows for each dataset is needed"
            raise CaseError(told, ("given", dataset))
    if not isinstance(expect, list) or not all(isinstance(row, dict) for row in expect):
        raise CaseError("expect: a list of rows is needed, each a mapping", ("expect",))
    lines = {
        dataset: [_line(row, ("given", dataset, place)) for place, row in enumerate(rows)]
        for dataset, rows in given.items()
    }
    at = tuple(root.line_of(("expect", place)) for place in range(len(expect)))
    return Case(table, path.stem, lines, expect, at)


def placed(path: Path, error: CaseError) -> str:
    """What is wrong with a case, behind the file and, where there is one, the line."""
    try:
        line = error.line or _tree(path).line_of(error.where)
    except CaseError:
        return f"{path}: {error}"
    return f"{path}:{line}: {error}"


def _tree(path: Path) -> tree.Node:
    """The file as a tree, of bounded size, depth and weight, after which its YAML is harmless."""
    try:
        area.inside(path.parents[2], path)
        return tree.read(path)
    except area.OutsideError as error:
        raise CaseError(str(error)) from error
    except ContractError as error:
        raise CaseError(error.faults[0].text, (), error.faults[0].line) from error


def _line(row: Any, where: Where) -> bytes:
    if isinstance(row, dict):
        return tokens.as_json(row).encode()
    if isinstance(row, str) and not isinstance(row, Number):
        return row.encode()
    raise CaseError("given: a row is a mapping, or the text of a line", where)


def _require_known(kind: str, names: Iterable[str], known: Collection[str], within: Where) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            meant = f", {near[0]} is meant?" if near else ""
            message = f"{kind} {name}: not one of {', '.join(known)}{meant}"
            raise CaseError(message, (*within, name))
