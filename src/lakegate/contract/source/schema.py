"""The JSON Schema of `pipeline.yaml`, by which editors complete and check it."""

from __future__ import annotations

from typing import Any

from lakegate.contract.source.spec import ProjectSpec

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema, as editors show it: names of sections as people say them, no others."""
    made = ProjectSpec.model_json_schema(mode="validation")
    return {"$schema": DRAFT, **_plain(made), "title": "Contract of a project"}


def _plain(node: Any) -> Any:
    """Without the titles that pydantic makes of names."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _plain(item) for name, item in value.items()}
        if key in ("properties", "$defs")
        else _plain(value)
        for key, value in node.items()
        if key != "title"
    }
