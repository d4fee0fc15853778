"""Writes the table of roles and permissions into docs/security.md, from a plan's policies.

`terraform show -json <plan> | .venv/bin/python scripts/document_roles.py`; the test of the page
plans by itself and fails when the table is stale.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "security.md"
MARKED = re.compile(r"(<!-- roles -->\n).*?(<!-- end -->)", re.DOTALL)
OWNER = re.compile(r"module\.(?P<name>[a-z_]+)\..*aws_iam_role_policy\.")
LAYER = re.compile(r"arn:aws:s3:::[a-z0-9-]+-(bronze|silver|gold|quarantine|control|logs)-\d+")


def policies(plan: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Role policies of a plan by their resource address."""
    return {
        item["address"]: json.loads(item["change"]["after"]["policy"])
        for item in plan["resource_changes"]
        if item["type"] == "aws_iam_role_policy" and item["mode"] == "managed"
    }


def table(documents: Mapping[str, Mapping[str, Any]]) -> str:
    """A row per statement: role, its name, actions, resources, conditions."""
    lines = ["| role | statement | may | on | only |", "| --- | --- | --- | --- | --- |"]
    for address in sorted(documents):
        owner = OWNER.match(address)
        assert owner is not None, address
        statements = documents[address]["Statement"]
        for statement in sorted(_list(statements), key=lambda item: str(item["Sid"])):
            cells = (
                owner["name"],
                statement["Sid"],
                _lines(statement["Action"]),
                _lines(sorted({_short(item) for item in _list(statement["Resource"])})),
                "<br>".join(_conditions(statement)),
            )
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def written(page: str, documents: Mapping[str, Mapping[str, Any]]) -> str:
    """The page with the table made anew."""
    return MARKED.sub(lambda at: f"{at[1]}{table(documents)}\n{at[2]}", page)


def _conditions(statement: Mapping[str, Any]) -> Iterator[str]:
    for test in statement.get("Condition", {}).values():
        for variable, values in test.items():
            shown = sorted({_short(str(value)) for value in _list(values)})
            yield f"`{variable}` is {' or '.join(f'`{value}`' for value in shown)}"


def _short(text: str) -> str:
    text = LAYER.sub(r"\1", text)
    text = re.sub(r"^arn:aws:([a-z]+):[a-z0-9-]*:\d*:", r"\1:", text)
    text = re.sub(r"key/[0-9a-f-]{36}", "key", text)
    return text.replace("eu-west-1", "<region>").replace("-test-", "-<env>-")


def _lines(values: Any) -> str:
    return "<br>".join(f"`{value}`" for value in sorted(_list(values)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(page, policies(json.load(sys.stdin))), encoding="utf-8")
