"""The plan of a project: what is generated for it, in which order, and what is left out."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from lakegate.contract import Column, Contract, Dataset, GoldTable, Reference, load
from lakegate.contract.model import Gate
from lakegate.transform import plan
from lakegate.transform.errors import PlanError
from lakegate.transform.listing import listing
from lakegate.transform.render import render

ROOT = Path(__file__).resolve().parents[3]
ORDERS = Dataset(
    columns=(
        Column("order_id", "string", required=True),
        Column("user_id", "bigint"),
        Column("at", "timestamp"),
        Column("amount", "decimal(12,2)"),
    ),
    primary_key=("order_id",),
    latest_by="at",
    references={"user_id": Reference("users")},
)
USERS = Dataset(columns=(Column("user_id", "bigint", required=True),), primary_key=("user_id",))


def project(**changed: Any) -> Contract:
    """Users and their orders, and one mart over them; the orders changed."""
    orders = dataclasses.replace(ORDERS, **changed)
    mart = GoldTable(
        "", grain=("user_id",), reads=("users", "orders"), sql="select user_id from stg_users"
    )
    return Contract(
        project="shop",
        gate=Gate(required=("users", "orders")),
        datasets={"orders": orders, "users": USERS},
        gold_tables={"mart": mart},
    )


def sql(contract: Contract) -> dict[str, str]:
    """The generated relations by name, without remarks."""
    views = render(contract, "spark").staging
    return {view.name: re.sub(r"--[^\n]*\n", "", view.sql) for view in views}


def test_a_plan_survives_json() -> None:
    for engine in ("spark", "duckdb"):
        found = render(load(ROOT / "config" / "pipeline.yaml"), engine)
        assert plan.from_json(found.to_json()) == found


def test_a_line_gives_a_row_for_each_of_its_references_to_one_dataset() -> None:
    columns = (*ORDERS.columns, Column("payer_id", "bigint"))
    references = {"user_id": Reference("users"), "payer_id": Reference("users")}
    contract = project(columns=columns, references=references)
    found = {view.name: view for view in render(contract, "spark").staging}
    assert found["unknown_users"].each.count("from lines_orders") == 2
    assert found["unknown_users"].each_of_a_line == 3  # with the one of a line of users
    assert found["odd_keys"].each_of_a_line == 1


@pytest.mark.parametrize(("engine", "times"), [("spark", 2), ("duckdb", 0)])
def test_the_listing_says_what_the_driver_does(engine: str, times: int) -> None:
    assert listing(project(), engine).count("the driver compares few rows") == times


def test_no_relation_stands_before_what_it_reads() -> None:
    seen = {"lines_users", "lines_orders"}
    for view in render(project(), "duckdb").staging:
        read = set(re.findall(r"(?:from|join) (\w+)", view.sql))
        own = set(re.findall(r"(\w+) as \($", view.sql, re.MULTILINE))
        assert read - own <= seen
        seen.add(view.name)


def test_without_a_key_no_line_replaces_another() -> None:
    found = sql(project(primary_key=()))
    assert "repeated_orders" not in found
    assert "odd_keys" not in found["latest_orders"]
    assert "lines_orders" not in found["odd_keys"]


def test_all_columns_of_a_key_are_the_key() -> None:
    found = sql(project(primary_key=("order_id", "at"), latest_by=None))
    assert "xxhash64('orders', `order_id`, `at`)" in found["odd_keys"]
    assert "partition by `order_id`, `at`" in found["repeated_orders"]


def ranks(contract: Contract) -> list[str]:
    """What decides which of two lines with one key counts."""
    return re.findall(r"(`\w+`) desc nulls last", sql(contract)["repeated_orders"])


def test_the_latest_line_counts_and_then_the_larger_one() -> None:
    assert ranks(project()) == ["`at`", "`user_id`", "`amount`"]
    assert ranks(project(latest_by="amount")) == ["`amount`", "`user_id`", "`at`"]
    assert ranks(project(latest_by=None)) == ["`user_id`", "`at`", "`amount`"]


def test_an_unknown_value_rejects_or_is_kept() -> None:
    found = sql(project())
    assert "unknown_user_id" in found["stg_orders"]
    assert "'unknown_user_id'" in found["rejected_lines"]
    for references in ({"user_id": Reference("users", "keep")}, {}):
        kept = sql(project(references=references))
        assert "unknown_users" not in kept
        assert "unknown" not in kept["stg_orders"] + kept["rejected_lines"]


def test_a_default_stands_for_null() -> None:
    assert "coalesce" not in sql(project())["stg_orders"]
    columns = (*ORDERS.columns[:3], Column("amount", "decimal(12,2)", default="1.50"))
    found = sql(project(columns=columns))["stg_orders"]
    assert "coalesce(latest.`amount`, cast('1.50' as decimal(12,2))) as `amount`" in found


def test_text_that_is_a_default_cannot_end_its_quotes() -> None:
    columns = (*ORDERS.columns, Column("note", "string", default="it's \\ done"))
    contract = project(columns=columns)
    assert r"'it\'s \\ done'" in sql(contract)["stg_orders"]
    duckdb = {view.name: view.sql for view in render(contract, "duckdb").staging}
    assert r"'it''s \ done'" in duckdb["stg_orders"]


def test_references_in_a_circle_are_refused() -> None:
    users = dataclasses.replace(USERS, references={"user_id": Reference("orders")})
    contract = project()
    circle = dataclasses.replace(contract, datasets={**contract.datasets, "users": users})
    with pytest.raises(PlanError, match="refer to each other"):
        render(circle, "spark")


def test_a_name_that_is_generated_is_refused() -> None:
    contract = dataclasses.replace(project(), staging={"stg_users": "select 1 as one"})
    with pytest.raises(PlanError, match="stg_users"):
        render(contract, "spark")
