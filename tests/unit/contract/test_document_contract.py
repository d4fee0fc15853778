"""The page and the schema say what is read."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from lakegate.contract import load
from lakegate.contract.source.schema import schema
from scripts.documents import contract
from tests.unit.contract.flights import write

ROOT = Path(__file__).parents[3]
HINT = "run .venv/bin/python -m scripts.documents.contract"


def test_page_and_schema_are_current() -> None:
    page = contract.PAGE.read_text()
    assert page == contract.written(page), HINT
    assert contract.SCHEMA.read_text() == contract.text(), HINT


def test_every_key_has_a_meaning() -> None:
    for section in (schema(), *schema()["$defs"].values()):
        assert section["additionalProperties"] is False
        for name, key in section["properties"].items():
            assert key.get("description", "").endswith("."), name


def test_the_schema_has_what_editors_complete() -> None:
    made = schema()
    assert made["required"] == ["version", "project", "datasets", "gold_tables"]
    assert made["properties"]["engine"]["enum"] == ["spark", "duckdb", "auto"]
    column = made["$defs"]["ColumnSpec"]
    assert column["required"] == ["name", "type"]
    assert "timestamp" in column["properties"]["type"]["anyOf"][0]["enum"]
    assert "title" not in column["properties"]["name"]


def test_editors_find_the_schema_of_the_demo() -> None:
    path = ROOT / "config" / "pipeline.yaml"
    [named] = re.findall(
        r"^# yaml-language-server: \$schema=(\S+)$", path.read_text(), re.MULTILINE
    )
    assert (path.parent / named).resolve() == contract.SCHEMA


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    [text] = re.findall(r"```yaml\n(.*?)```", contract.PAGE.read_text(), re.DOTALL)
    [table] = yaml.safe_load(text)["gold_tables"]
    mart = {f"marts_{table}": "select carrier from stg_flights group by carrier"}
    path = write(tmp_path, text, **mart)
    (path.parent / "sql/marts/punctuality.sql").unlink()
    rules = load(path)
    assert rules.read == ("flights", "airlines")
