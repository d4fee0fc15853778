"""Writes what the roles may do, and how that was proven, into docs/security.md.

`terraform show -json <plan> | .venv/bin/python -m scripts.documents.roles` takes the policies
from a plan; the test of the page plans by itself and fails when the table is stale.
`make test-iam`, then the script with `--proof`, takes what that has counted.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.documents import marked

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
PROOF = ROOT / "build" / "iam.jsonl"
OWNER = re.compile(r"module\.(?P<name>[a-z_]+)(\[0\])?\..*aws_iam_role_policy\.")
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
    return marked.written(page, roles=table(documents))


def proof(lines: str) -> str:
    """A row per role from the JSON lines of tests/iam, of which the last of a role counts."""
    found = {item["role"]: item for item in map(json.loads, lines.splitlines())}
    rows = [
        "| role | statements taken away | flow broken | actions and resources granted | used |",
        "| --- | --- | --- | --- | --- |",
    ]
    for role, item in sorted(found.items()):
        counts = (item[name] for name in ("statements", "caught", "grants", "used"))
        rows.append(f"| {role} | {' | '.join(map(str, counts))} |")
    return "\n".join(rows)


def proven(page: str, lines: str) -> str:
    """The page with the table of the proof made anew."""
    return marked.written(page, proof=proof(lines))


def _conditions(statement: Mapping[str, Any]) -> Iterator[str]:
    for test in statement.get("Condition", {}).values():
        for variable, values in test.items():
            shown = sorted({_short(str(value)) for value in _list(values)})
            yield f"`{variable}` is {' or '.join(f'`{value}`' for value in shown)}"


def _short(text: str) -> str:
    text = LAYER.sub(r"\1", text)
    text = re.sub(r"^arn:aws:([a-z]+):[a-z0-9-]*:\d*:", r"\1:", text)
    text = re.sub(r"key/[0-9a-f-]{36}", "key", text)
    return (
        text.replace("eu-west-1", "<region>")
        .replace("-test-", "-<env>-")
        .replace("_test_", "_<env>_")
    )


def _lines(values: Any) -> str:
    return "<br>".join(f"`{value}`" for value in sorted(_list(values)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    if "--proof" in sys.argv:
        page = proven(page, PROOF.read_text(encoding="utf-8"))
    else:
        page = written(page, policies(json.load(sys.stdin)))
    PAGE.write_text(page, encoding="utf-8")
