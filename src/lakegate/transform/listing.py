"""All the SQL of a project for one engine, to be read by people."""

from __future__ import annotations

from collections.abc import Iterator

from lakegate.contract import Contract
from lakegate.transform.plan import Plan
from lakegate.transform.render import render

WIDTH = 100


def listing(contract: Contract, engine: str) -> str:
    """Every query in the order in which it runs, each with where it comes from."""
    return "\n".join(_lines(contract, render(contract, engine))) + "\n"


def _lines(contract: Contract, plan: Plan) -> Iterator[str]:
    yield f"-- {contract.project} on {plan.engine}, in the order in which it runs."
    yield f"-- From the reader: {', '.join(f'lines_{name}' for name in contract.read)}."
    for view in plan.staging:
        kept = ", computed once" if view.settle else ""
        if view.each and plan.engine == "spark":
            kept += " (the driver compares few rows)"
        yield from _query(view.name, f"generated from the contract{kept}", view.sql)
    for view in plan.gold:
        is_table = view.name in contract.gold_tables
        where = f"sql/{'marts' if is_table else 'staging'}/{view.name}.sql"
        yield from _query(view.name, f"{where}{', written to gold' if is_table else ''}", view.sql)
    for table, checks in plan.checks.items():
        for query in checks.summary:
            yield from _query(table, "what must hold before it is published", query)


def _query(name: str, where: str, sql: str) -> Iterator[str]:
    yield ""
    yield f"-- {name}: {where} ".ljust(WIDTH, "-")
    yield f"{sql.strip()};"
