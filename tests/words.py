"""A project of which every name is a word of SQL, and what its lines come to."""

from __future__ import annotations

from pathlib import Path

YAML = """\
version: 2
project: words
datasets:
  group:
    primary_key: select
    columns:
      - {name: select, type: string}
  order:
    primary_key: [from, select]
    latest_by: timestamp
    references: {select: group}
    columns:
      - {name: from, type: int}
      - {name: select, type: string}
      - {name: timestamp, type: timestamp}
      - {name: values, type: bigint, default: 7}
gold_tables:
  from:
    grain: [from]
    totals: {where: sum(`values`), over: "max(timestamp '2026-01-02 00:00:00.500')"}
    row_checks: {having: "`values` > 0"}
    checks:
      join: {found: sum(`values`), expected: select sum(`values`) from stg_order}
      union:
        found: max(timestamp '2026-01-02 00:00:00')
        expected: select max(`timestamp`) from stg_order
  table:
    grain: [line_count]
"""
MARTS = {
    "from": "select `from`, sum(`values`) as `values` from stg_order group by `from`\n",
    "table": "select count(*) as Line_Count, max(`values`) as `ROWS` from `from`\n",
}
LINES = {
    "group": [b'{"select":"a"}'],
    "order": [
        b'{"from":1,"select":"a","timestamp":"2026-01-02T00:00:00Z","values":2}',
        b'{"from":1,"select":"a","timestamp":"2026-01-01T00:00:00Z","values":9}',
        b'{"from":2,"select":"a"}',
    ],
}
TOTALS = {"where": 9, "over": "2026-01-02 00:00:00.5"}
ROWS = {
    "from": [{"from": 1, "values": 2}, {"from": 2, "values": 7}],
    "table": [{"line_count": 2, "rows": 7}],
}


def write(folder: Path) -> Path:
    """The project."""
    (folder / "sql" / "marts").mkdir(parents=True)
    for name, sql in MARTS.items():
        (folder / "sql" / "marts" / f"{name}.sql").write_text(sql)
    (folder / "pipeline.yaml").write_text(YAML)
    return folder


def files(folder: Path) -> list[Path]:
    """The lines of each dataset, written as files."""
    paths = []
    for name, lines in LINES.items():
        paths.append(folder / f"{name}.json")
        paths[-1].write_bytes(b"".join(line + b"\n" for line in lines))
    return paths
