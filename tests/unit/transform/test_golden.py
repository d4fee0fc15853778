"""The SQL that is generated for the demo, kept in the repository so that a review sees a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakegate.contract import load
from lakegate.transform.plan import Plan
from lakegate.transform.render import render

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden"


def written(plan: Plan) -> str:
    """All relations of a plan in their order, as one file."""
    parts = [
        f"-- {view.name}{', computed once' if view.settle else ''}\n{view.sql.strip()};\n"
        for view in plan.staging + plan.gold
    ]
    for table, checks in plan.checks.items():
        parts += [f"-- what is told of {table}\n{query.strip()};\n" for query in checks.summary]
    return "\n".join(parts)


@pytest.mark.parametrize("engine", ["spark", "duckdb"])
def test_the_sql_of_the_demo_is_the_one_in_the_repository(engine: str) -> None:
    """After a change: .venv/bin/python -m tests.unit.transform.test_golden"""
    found = written(render(load(ROOT / "config" / "pipeline.yaml"), engine))
    assert (GOLDEN / f"demo.{engine}.sql").read_text(encoding="utf-8") == found


if __name__ == "__main__":
    contract = load(ROOT / "config" / "pipeline.yaml")
    for name in ("spark", "duckdb"):
        text = written(render(contract, name))
        (GOLDEN / f"demo.{name}.sql").write_text(text, encoding="utf-8")
