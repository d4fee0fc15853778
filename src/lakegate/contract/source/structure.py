"""Holds a tree against the keys of `spec`, and says in sentences what does not fit.

What is wrong is cut out and the rest looked at again, so that all faults are found in one go.
"""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from lakegate.contract.source.spec import ProjectSpec, Section

Where = tuple[str | int, ...]
Found = tuple[Where, str]

RETIRED = {  # by depth and name
    (1, "keys"): "the grammar of keys is the same for every project now: leave it out",
    (3, "reads"): "which datasets a table reads is found in its SQL now: leave it out",
    (3, "partitions"): "every table is partitioned by batch_id: leave it out",
}
NAMES = {"primary_key": "a name", "grain": "a name", "source": "a dotted path"}  # or several
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}


def check(data: dict[str, Any]) -> tuple[ProjectSpec | None, list[Found]]:
    """What of the data fits (None if nothing can be made of it), and what does not."""
    found: list[Found] = []
    spec, faults = _validated(data)
    found.extend((_where(fault), _said(fault)) for fault in faults)
    while faults and data:
        data = _without(data, [_culprit(fault) for fault in faults])
        spec, faults = _validated(data)
    return spec, found


def one_of(name: object, allowed: Iterable[str]) -> str:
    """`a, b, c; did you mean b?`, the end where one of them is near."""
    names = list(allowed)
    near = difflib.get_close_matches(str(name)[:64].lower(), names, n=1, cutoff=0.6)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{', '.join(names) or 'none'}{meant}"


def shown(value: object) -> str:
    """A value as a sentence can hold it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def dotted(where: Where, data: Any) -> str:
    """A place as people say it: columns by their names."""
    parts: list[str] = []
    for step in where:
        data = _at(data, step)
        name = data.get("name") if isinstance(step, int) and isinstance(data, dict) else None
        parts.append(name if isinstance(name, str) else str(step))
    return ".".join(parts)


def located(where: Where, data: Any) -> Where:
    """A place in which columns stand by name, with their positions in the lists instead."""
    steps: list[str | int] = []
    for step in where:
        if isinstance(data, list) and isinstance(step, str):
            step = max(i for i, item in enumerate(data) if _at(item, "name") == step)  # noqa: PLW2901
        steps.append(step)
        data = _at(data, step)
    return tuple(steps)


def _validated(data: dict[str, Any]) -> tuple[ProjectSpec | None, Sequence[Any]]:
    try:
        return ProjectSpec.model_validate(data), ()
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _where(fault: Any) -> Where:
    return tuple(fault["loc"])


def _culprit(fault: Any) -> Where:
    """What to cut out: what is wrong, or what lacks something."""
    where = _where(fault)
    return where[:-1] if fault["type"] == "missing" else where


def _said(fault: Any) -> str:
    kind, where, value = fault["type"], _where(fault), fault["input"]
    context = fault.get("ctx", {})
    if kind == "extra_forbidden":
        if re.fullmatch("[0-9]+[)]", str(where[-1])):
            return 'between { and } a comma ends a value: write "decimal(p,s)" in quotes'
        retired = RETIRED.get((len(where), str(where[-1])))
        return retired or f"unknown key; allowed here: {one_of(where[-1], _keys(where[:-1]))}"
    if kind == "literal_error":
        return f"{shown(value)} is not one of {one_of(value, _literals(context['expected']))}"
    sentences = {
        "missing": f"is missing{_example(where)}",
        "too_short": "at least one is needed",
        "string_pattern_mismatch": f"{shown(value)} is not {_pattern(context)}",
        "greater_than_equal": f"{shown(value)} is not at least {context.get('ge', 0):g}",
        "less_than_equal": f"{shown(value)} is not at most {context.get('le', 0):,}",
        "less_than": f"{shown(value)} is not below {context.get('lt', 0):g}",
    }
    wanted = _EXPECTED.get(kind, fault["msg"])
    if kind == "list_type" and str(where[-1]) in NAMES:
        wanted = f"{NAMES[str(where[-1])]}, or a list of them,"
    expected = f"{wanted} is expected, found {shown(value)}"
    return sentences.get(kind, expected)


def _pattern(context: dict[str, Any]) -> str:
    return str(context.get("pattern")).strip("^$")


def _literals(expected: str) -> list[str]:
    """The values in pydantic's `'a', 'b' or 'c'`."""
    return [part.strip("' ") for part in expected.replace(" or ", ",").split(",")]


def _example(where: Where) -> str:
    model = _model(where[:-1])
    field = model.model_fields[str(where[-1])] if model else None
    if field is None or not field.examples:
        return ""
    example = str(field.examples[0]).replace("'", "")
    return f"; for example {where[-1]}: {example}"


def _keys(where: Where) -> list[str]:
    model = _model(where)
    return list(model.model_fields) if model else []


def _model(where: Where) -> type[Section] | None:
    """The section at a place."""
    kind: Any = ProjectSpec
    for step in where:
        if isinstance(kind, type) and issubclass(kind, Section):
            kind = kind.model_fields[str(step)].annotation
        else:
            kind = typing.get_args(kind)[-1]
        kind = _plain(kind)
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def _plain(kind: Any) -> Any:
    """A type without what is written around it."""
    if typing.get_origin(kind) is typing.Annotated:
        return _plain(typing.get_args(kind)[0])
    if typing.get_origin(kind) in (types.UnionType, typing.Union):
        return _plain(next(one for one in typing.get_args(kind) if one is not types.NoneType))
    return kind


def _at(data: Any, step: str | int) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None


def _without(data: Any, places: Sequence[Where]) -> Any:
    """A copy without what stands at the places; without everything if that is one of them."""
    if () in places:
        return {}
    steps = list(data.items()) if isinstance(data, dict) else list(enumerate(data))
    kept = list(_kept(steps, places))
    return dict(kept) if isinstance(data, dict) else [value for _, value in kept]


def _kept(steps: list[tuple[Any, Any]], places: Sequence[Where]) -> Iterator[tuple[Any, Any]]:
    for step, value in steps:
        inside = [place[1:] for place in places if place[0] == step]
        if not inside:
            yield step, value
        elif () not in inside and isinstance(value, dict | list):
            yield step, _without(value, inside)
