"""Writes docs/contract.md and docs/pipeline.schema.json from the keys of the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lakegate.contract.source.schema import schema

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "contract.md"
SCHEMA = DOCS / "pipeline.schema.json"
HEAD = """\
# The contract

Everything about a project's data stands in its `pipeline.yaml`. This page is made from the keys
that are read, by `.venv/bin/python -m scripts.documents.contract`; a test fails when it is stale.
The first line below lets an editor complete and check the file against the same keys:

```yaml
# yaml-language-server: $schema=<this repository>/docs/pipeline.schema.json
version: 2
project: flights
datasets:
  flights:
    primary_key: [time_hour, carrier, flight]
    references: {carrier: airlines}
    casts: lenient
    columns:
      - {name: time_hour, type: timestamp}
      - {name: carrier, type: string}
      - {name: flight, type: int}
      - {name: dep_delay, type: double, description: Minutes late}
  airlines:
    primary_key: carrier
    columns:
      - {name: carrier, type: string}
      - {name: title, type: string, source: name}
gold_tables:
  carrier_punctuality:
    description: One row per carrier.
    grain: carrier
```

All faults of a project are told at once, each with file, line, key, what is wrong, what is allowed
and what was probably meant. Words mean what they do in YAML 1.2: `no`, `on` and `2026-01-01` are
text. A key may stand once only. What has a default may be left out.

"""
TAIL = """\
## Rules between keys

- Columns of a primary key are required, whether or not they say so; they have no default, and are
  not of type `json`. `latest_by` needs a primary key and a column with an order.
- A reference names a dataset with a key of one column, of the same type (`int` and `bigint` are the
  same here). References that reject must not lead in a circle; where they do, one has to `keep`.
- `default` and `allowed` have values of the column's type; a required column has no default.
  `epoch` is for timestamps and dates.
- Two columns may have one `source`.
- Which datasets a table reads is found in its SQL, through views of `sql/staging` and other tables.
  A mart reads `stg_<dataset>`, such views and other marts, none of them in a circle; a view reads
  no mart. Names of generated relations (`stg_`, `lines_`, `repeated_`, `latest_` and `unknown_`
  before a dataset, `odd_keys`, `rejected_lines`, `line_outcomes`) are taken.
- Columns of a table that are declared must be those that its SQL gives, in its order. `batch_id` is
  the partition's column and not declared.
- `sql` and `sample_data` stay within the project's folder, or within the git checkout that it lies
  in; links do not get around that.

## When it changes under a running stack

`make up`, or `make build` and `terraform apply`, bring a changed contract into force; `make up`
says that it did. `tests/faults/test_contract_change.py` holds what follows:

- Nothing runs by itself: a revision is a set of files. What is published stays as it is until
  `lakegate replay <batch>`, or until a file comes.
- Files that were judged keep their verdict. A run that is under way ends as it began; its next
  attempt, if it needs one, follows the new contract.
- A dataset that becomes required keeps batches waiting that have not got it. Readers of those that
  were published see what they saw, and past the deadline the alarm names them: deliver the dataset,
  or `lakegate force <batch> --without <dataset>`.
- Files of a dataset that no table read have landed and been judged. Where a table reads it now,
  they count with the next `lakegate replay <batch>`, as they are, under the verdict that they have.
  Until then `lakegate explain` names them, and batches that are published are left alone.
- A dataset that is gone is waited for no more; its next file is refused for its name.

## Version 1

A contract of the first edition loads, with one warning. To bring it to version 2, write
`version: 2`, `sql: ../src/glue_jobs/sql` and `sample_data: ../data/sample_data`; leave out `keys`,
and `reads` and `partitions` of gold tables. `stg_<dataset>` has the columns of the contract and no
others: where a mart reads what the SQL of the first edition computed in staging, such as `is_paid`
and `is_without_amount`, write the conditions (`status in ('paid', 'shipped', 'delivered')`,
`amount is null`), or a view in `sql/staging` that has them.
"""
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


def page() -> str:
    """The whole page."""
    whole = schema()
    sections = {"": whole} | whole["$defs"]
    parts = ["\n".join(_section(title, sections[name], whole)) for name, title in SECTIONS.items()]
    return HEAD + "\n".join(parts) + "\n" + TAIL


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
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(text(), encoding="utf-8")
