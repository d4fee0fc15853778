"""Says what was found on a bad line, and what would make it a good one; never what stands there."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lakegate.contract.model import Column, Contract, Dataset
from lakegate.files.errors import LineFault
from lakegate.files.lines.casts import cast
from lakegate.files.lines.judge import Judged
from lakegate.files.lines.parse import Number, parse
from lakegate.files.lines.values import WRONG
from lakegate.files.masking import masked

KEYS_SHOWN = 20
KEY_LENGTH = 64
CLOSE_ENOUGH = 0.6
ENVELOPE_DEPTH = 3
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class Advice(NamedTuple):
    """What was found, and what to do if it is more than what the rejection code says."""

    detail: str = ""
    fix: str = ""


def on_line(contract: Contract, dataset: str, data: bytes, judged: Judged) -> Advice:
    """The advice on a bad line of a dataset."""
    if judged.fault is not None or judged.reason is None:
        return Advice(judged.fault.detail if judged.fault else "")
    try:
        row = parse(data, contract.limits)
    except LineFault as fault:
        return Advice(fault.detail)
    kind, _, name = judged.reason.partition("_")
    told = contract.datasets[dataset]
    if kind == "missing":
        return _on_missing(dataset, told, told.column(name), row)
    return _on_wrong(dataset, told.column(name), row)


def _on_missing(name: str, dataset: Dataset, column: Column, row: dict[str, Any]) -> Advice:
    shown = ", ".join(_shown(key) for key in list(row)[:KEYS_SHOWN])
    keys = f"{shown}, …" if len(row) > KEYS_SHOWN else shown or "none"
    if _at(row, column.path) is not WRONG:
        return Advice(f"{'.'.join(column.path)} is there and null; the keys are {keys}")
    detail = f"such a line has the keys {keys}"
    absent = [item for item in dataset.required if _at(row, item.path) is WRONG]
    inside = _envelope(row, absent)
    if inside is not None:
        path, inner = inside
        moved = [item for item in dataset.columns if item.path[0] in inner]
        lines = [_line(item, (*path, *item.path)) for item in moved]
        where = ".".join(path)
        detail = f"{detail}; the columns are within {_shown(where)}"
        return Advice(detail, _paste(name, f"Write what is in `{where}` as the record", lines))
    if (listed := _array(row, absent)) is not None:
        where = ".".join(listed)
        fix = f"Write each object of the array `{where}` as a record of its own, one on each line."
        return Advice(f"{detail}; the columns are in the objects of {_shown(where)}", fix)
    near = {item: key for item in absent if (key := _nearest(item, dataset, row)) is not None}
    if not near:
        return Advice(detail)
    closest = ", ".join(f"{_shown(key)} is close to {item.name}" for item, key in near.items())
    lines = [_line(item, (key,)) for item, key in near.items()]
    renamed = ", ".join(f"`{key}` as `{item.path[0]}`" for item, key in near.items())
    return Advice(f"{detail}; {closest}", _paste(name, f"Write {renamed}", lines))


def _paste(name: str, do: str, lines: list[str]) -> str:
    where = f"under `datasets.{name}.columns` of pipeline.yaml, in place of the columns' own lines"
    return f"{do}; or have it read as it is, {where}:\n" + "\n".join(lines)


def _envelope(
    row: dict[str, Any], wanted: list[Column]
) -> tuple[tuple[str, ...], dict[str, Any]] | None:
    """The object within the row that has the keys that the row lacks, and its path."""
    if not wanted:
        return None
    for path, inner in _objects(row, (), ENVELOPE_DEPTH):
        if all(column.path[0] in inner for column in wanted):
            return path, inner
    return None


def _array(row: dict[str, Any], wanted: list[Column]) -> tuple[str, ...] | None:
    """The path of an array in the row whose objects have the keys that the row lacks."""
    if not wanted:
        return None
    for path, inner in [((), row), *_objects(row, (), ENVELOPE_DEPTH)]:
        for key, value in inner.items():
            items = value if isinstance(value, list) else []
            if _is_name(key) and any(
                isinstance(item, dict) and all(column.path[0] in item for column in wanted)
                for item in items
            ):
                return (*path, key)
    return None


def _objects(
    row: dict[str, Any], path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    inner = [
        ((*path, key), value)
        for key, value in row.items()
        if isinstance(value, dict) and _is_name(key)
    ]
    yield from inner
    if depth > 1:
        for place, value in inner:
            yield from _objects(value, place, depth - 1)


def _nearest(column: Column, dataset: Dataset, row: dict[str, Any]) -> str | None:
    """The key that was most likely meant for a column: one that no column has by right."""
    taken = {item.path[0] for item in dataset.columns}
    free = [key for key in row if key not in taken and _is_name(key)]
    alike = {re.sub(r"[^a-z0-9]", "", key.lower()): key for key in reversed(free)}
    plain = re.sub(r"[^a-z0-9]", "", column.path[0].lower())
    found = difflib.get_close_matches(plain, [key for key in alike if key], 1, CLOSE_ENOUGH)
    return alike[found[0]] if found else None


def _line(column: Column, path: tuple[str, ...]) -> str:
    """The column as a line of the contract, read from another path."""
    dotted = all(PLAIN.fullmatch(key) for key in path)
    parts = [f"name: {column.name}", f"type: {_scalar(column.type)}"]
    if column.required:
        parts.append("required: true")
    if column.default is not None:
        parts.append(f"default: {json.dumps(column.default, ensure_ascii=False)}")
    if column.allowed:
        parts.append(f"allowed: {json.dumps(list(column.allowed), ensure_ascii=False)}")
    if column.epoch:
        parts.append(f"epoch: {column.epoch}")
    source = ".".join(path) if dotted else json.dumps(list(path), ensure_ascii=False)
    parts.append(f"source: {source}")
    if column.description:
        parts.append(f"description: {json.dumps(column.description, ensure_ascii=False)}")
    return f"- {{{', '.join(parts)}}}"


def _scalar(text: str) -> str:
    return text if PLAIN.fullmatch(text) else json.dumps(text)


def _on_wrong(name: str, column: Column, row: dict[str, Any]) -> Advice:
    token = _at(row, column.path)
    if token is WRONG:
        return Advice(f"{column.name} is looked for within what is no object")
    what = f"{column.name} has {_kind(token)}"
    form = _form(token)
    detail = f"{what} of the form {form}" if form else what
    lenient = cast(column, "lenient")(token)
    if lenient is not None and lenient is not WRONG:
        fix = (
            f"Write {column.name} as {_asked(column)}; or put `casts: lenient` under "
            f"`datasets.{name}` of pipeline.yaml, which takes such values."
        )
        return Advice(f"{detail}; casts: lenient would take it", fix)
    return Advice(f"{detail}, {_asked(column)} is asked for")


def _asked(column: Column) -> str:
    if column.allowed:
        return f"one of {', '.join(str(value) for value in column.allowed)}"
    return {"timestamp": "an ISO 8601 timestamp such as 2026-01-31T08:00:00Z"}.get(
        column.type, f"a {column.type}"
    )


def _at(row: Any, path: tuple[str, ...]) -> Any:
    """The token at a path; WRONG where there is none."""
    for key in path:
        if not isinstance(row, dict) or key not in row:
            return WRONG
        row = row[key]
    return row


def _kind(token: Any) -> str:
    if isinstance(token, Number):
        return "a number"
    if isinstance(token, bool):
        return "a boolean"
    if isinstance(token, str):
        return "a string"
    return "an object" if isinstance(token, dict) else "an array"


def _form(token: Any) -> str:
    """How a string or a number is written."""
    if not isinstance(token, str):
        return ""
    form = masked(str(token))
    return form if isinstance(token, Number) else f'"{form}"'


def _is_name(key: str) -> bool:
    """Whether a key can stand in advice as it is: it is short, and without line ends and such."""
    return len(key) <= KEY_LENGTH and key.isprintable()


def _shown(key: str) -> str:
    cut = key if len(key) <= KEY_LENGTH else f"{key[:KEY_LENGTH]}…"
    return json.dumps(cut, ensure_ascii=True)
