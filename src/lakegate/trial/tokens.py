"""YAML whose numbers and times stay as they were written, and JSON made of it."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from lakegate.files.lines.parse import Number


class _Loader(yaml.SafeLoader):
    """Dates are text, as in JSON; a number is its token; only true and false are booleans."""


_OTHERWISE = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in _OTHERWISE]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), ["t", "f"])


def _number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    text = loader.construct_scalar(node)
    try:
        json.loads(text)
    except ValueError:
        return text  # such as 0x10 or .5, which JSON has not
    return Number(text)


_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


def load(text: str) -> Any:
    """What YAML says. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)


def as_json(value: Any) -> str:
    """The value as JSON, numbers digit by digit as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        inner = (f"{json.dumps(str(key))}: {as_json(item)}" for key, item in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
