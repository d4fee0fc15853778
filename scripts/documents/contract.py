"""Writes docs/contract.md and docs/pipeline.schema.json from the keys of the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lakegate.contract.source.schema import schema
from scripts.documents import marked

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "contract.md"
SCHEMA = DOCS / "pipeline.schema.json"
SECTIONS = {
    "": "The whole",
    "DatasetSpec": "A dataset: `datasets.<name>`",
    "ColumnSpec": "A column: `datasets.<name>.columns`",
    "ReferenceSpec": "A reference: `datasets.<name>.references.<column>`",
    "GoldTableSpec": "A gold table: `gold_tables.<name>`",
    "GoldColumnSpec": "A column of a gold table: `gold_tables.<name>.columns`",
    "CheckSpec": "A check: `gold_tables.<name>.checks.<name>`",
    "GateSpec": "`gate`",
    "GoldSpec": "`gold`",
    "LimitsSpec": "`limits`",
}


def written(page: str) -> str:
    """The page with the tables of keys made anew."""
    whole = schema()
    sections = {"": whole} | whole["$defs"]
    parts = ["\n".join(_section(title, sections[name], whole)) for name, title in SECTIONS.items()]
    return marked.written(page, keys="\n".join(parts))


def text() -> str:
    """The schema as a file."""
    return json.dumps(schema(), indent=2) + "\n"


def _section(title: str, section: dict[str, Any], whole: dict[str, Any]) -> Iterator[str]:
    yield f"## {title}\n\n{section['description']}\n"
    yield "| key | is | default | meaning | example |\n| --- | --- | --- | --- | --- |"
    required = section.get("required", ())
    for name, key in section["properties"].items():
        default = "needed" if name in required else _default(key)
        example = ", ".join(f"`{name}: {_yaml(value)}`" for value in key.get("examples", ()))
        cells = (f"`{name}`", _kind(key, whole), default, key["description"], example)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def _kind(key: dict[str, Any], whole: dict[str, Any]) -> str:
    if "$ref" in key:
        return "mapping"
    if "enum" in key or "const" in key:
        return ", ".join(f"`{value}`" for value in key.get("enum", [key.get("const")]))
    if "anyOf" in key and "type" not in key:
        kinds = [_kind(one, whole) for one in key["anyOf"]]
        return " or ".join(dict.fromkeys(kind for kind in kinds if kind))
    bounds = [
        f"{word} {key[name]:,}"
        for name, word in (
            ("minimum", "from"),
            ("maximum", "to"),
            ("exclusiveMaximum", "below"),
        )
        if name in key
    ]
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "array": "list",
        "object": "mapping",
        "null": "",
    }
    kinds = key["type"] if isinstance(key["type"], list) else [key["type"]]
    return " ".join([" or ".join(filter(None, (words[kind] for kind in kinds))), *bounds])


def _default(key: dict[str, Any]) -> str:
    value = key.get("default")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value in (None, "", [], {}) or isinstance(value, dict) else f"`{_yaml(value)}`"


def _yaml(value: Any) -> str:
    """A value as one writes it on a line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_yaml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    if isinstance(value, str):
        return f'"{value}"' if set(value) & set("(,{[") else value
    return json.dumps(value)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    SCHEMA.write_text(text(), encoding="utf-8")
