"""What the SQL of a whole project gives, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lakegate.contract import Check, Column, Contract, Dataset, GoldTable
from lakegate.contract.model import Gate, Gold, Limits
from lakegate.transform.sql import SqlError, relations, resolved

SALES = Dataset(
    (Column("shop", "string"), Column("total", "decimal(12,2)"), Column("at", "timestamp"))
)


def project(staging: dict[str, str] | None = None, **marts: str) -> Contract:
    tables = {name: GoldTable(name, ("shop",), sql=sql) for name, sql in marts.items()}
    return Contract(
        project="shops",
        limits=Limits(),
        gate=Gate(("sales",)),
        gold=Gold(),
        datasets={"sales": SALES},
        gold_tables=tables,
        staging=staging or {},
    )


def faults(contract: Contract) -> list[str]:
    with pytest.raises(SqlError) as caught:
        relations(contract)
    return str(caught.value).splitlines()


def test_columns_are_found_through_views_and_other_marts() -> None:
    contract = project(
        {"recent": "select * from stg_sales where `at` > '2024-01-01'"},
        ranks="select shop, rank() over (order by total desc) as place from totals",
        totals="select shop, sum(total) as total from recent group by shop",
    )
    found = resolved(contract).gold_tables
    assert [(c.name, c.type, c.required) for c in found["totals"].columns] == [
        ("shop", "string", True),
        ("total", "decimal(22,2)", False),
    ]
    assert [c.type for c in found["ranks"].columns] == ["string", "int"]


def test_a_query_that_would_fail_when_it_runs_fails_when_it_is_built() -> None:
    told = faults(project(totals="select shop, total, count(*) as n from stg_sales group by shop"))
    assert told[0].startswith('sql/marts/totals.sql: does not run: column "total" must appear')


def test_files_are_named_and_all_are_told_that_cannot_be_read() -> None:
    contract = project({"recent": "select * frm x"}, totals="select shop from stg_sale")
    assert [line.partition(": ")[0] for line in faults(contract)] == [
        "sql/staging/recent.sql",
        "sql/marts/totals.sql",
    ]


def test_all_faults_of_all_files_are_told_with_their_lines() -> None:
    contract = project(
        {"recent": "select shop,\n  totl as total,\n  `at`\nfrom stg_sales\nwhere nowish(shop)"},
        totals="with a as (select shop, shp from stg_sales),\nb as (\n"
        "  select now() as x, shop from a)\nselect shop, x, lenght(shop) as y from b limit 3",
        ranks="select shop,\n total + 'x' as worst from totals join recent using (shop)\n"
        "union all select place, 1 from stg_sale",
        unread="select shop\nfrm stg_sales",
    )
    table = replace(contract.gold_tables["totals"], totals={"all": "sum(x + 'y')", "n": "cont(x)"})
    table = replace(table, columns=(Column("shop", "string"), Column("x", "int")))
    tables = contract.gold_tables | {"totals": table}
    told = faults(replace(contract, gold_tables=tables))
    assert [fault.split("; ")[0].split(". ")[0] for fault in told] == [
        "sql/staging/recent.sql: line 5: nowish() is not among the functions that both engines "
        "answer alike",
        "sql/staging/recent.sql: line 2: there is no column totl",
        "sql/marts/totals.sql: line 1: there is no column shp",
        "sql/marts/totals.sql: line 3: now() is not possible: the same batch must give the same "
        "rows at any time: take an instant from the data",
        "sql/marts/totals.sql: line 4: lenght() is not among the functions that both engines "
        "answer alike",
        "sql/marts/totals.sql: line 1: limit without order by takes any rows: say which",
        "sql/marts/ranks.sql: line 3: there is no relation stg_sale",
        "sql/marts/unread.sql: line 2, column 13: Invalid expression / Unexpected token near "
        "'stg_sales'",
        "gold_tables.totals.totals.all: +: a number is needed, not string",
        "gold_tables.totals.totals.n: cont() is not among the functions that both "
        "engines answer alike",
    ]


def test_what_depends_on_a_fault_is_no_fault() -> None:
    contract = project(
        {"wrong": "select shp, total from stg_sales"},
        totals="with mine as (select nowish(shop) as shop, total from stg_sales)\n"
        "select shop, shop + 1 as x, total from mine order by shop",
        more="select shp, max(total) as total from wrong group by shp",
        most="select shop, total from more union all select x, total from totals",
    )
    assert [fault.partition(": ")[0] for fault in faults(contract)] == [
        "sql/staging/wrong.sql",
        "sql/marts/totals.sql",
    ]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ((Column("shop", "string"),), "gives total, which the contract does not declare"),
        (
            (Column("shop", "string"), Column("total", "bigint")),
            "gives total as decimal(22,2), but the contract declares bigint",
        ),
        (
            (Column("shop", "string"), Column("total", "decimal(22,2)"), Column("x", "int")),
            "gives no column x, which the contract declares; it gives shop, total",
        ),
        (
            (Column("total", "decimal(22,2)"), Column("shop", "string")),
            "gives its columns as shop, total; the contract declares another order",
        ),
    ],
)
def test_declared_columns_must_be_those_that_are_found(
    columns: tuple[Column, ...], told: str
) -> None:
    contract = project(totals="select shop, sum(total) as total from stg_sales group by shop")
    table = replace(contract.gold_tables["totals"], columns=columns)
    assert faults(replace(contract, gold_tables={"totals": table})) == [
        f"sql/marts/totals.sql: {told}"
    ]


def test_the_grain_must_be_among_the_columns() -> None:
    contract = project(totals="select shop as place, count(*) as n from stg_sales group by shop")
    assert faults(contract) == [
        "sql/marts/totals.sql: gives no column shop, which the grain names; it gives place, n"
    ]


@pytest.mark.parametrize(
    ("key", "changed", "told"),
    [
        ("totals.all", {"totals": {"all": "sum(ntotal)"}}, "there is no column ntotal"),
        ("totals.all", {"totals": {"all": "total"}}, "must be part of an aggregate function"),
        (
            "checks.same.found",
            {"checks": {"same": Check("total + 1", "select 1")}},
            "must be part of an aggregate function",
        ),
        (
            "row_checks.more",
            {"row_checks": {"more": "sum(total) > 0"}},
            "does not run: WHERE clause cannot contain aggregates",
        ),
        ("row_checks.more", {"row_checks": {"more": "total + 1"}}, "a condition is needed"),
        ("checks.same.found", {"checks": {"same": Check("now()", "select 1")}}, "now() is not"),
        (
            "checks.same.expected",
            {"checks": {"same": Check("sum(total)", "select max(totl) from stg_sales")}},
            "there is no column totl; total is meant?",
        ),
        (
            "checks.same",
            {"checks": {"same": Check("max(shop)", "select count(*) from stg_sales")}},
            "found is string, expected bigint: cast one",
        ),
    ],
)
def test_checks_are_held_to_the_same_list(key: str, changed: dict[str, Any], told: str) -> None:
    contract = project(totals="select shop, sum(total) as total from stg_sales group by shop")
    table = replace(contract.gold_tables["totals"], **changed)
    (fault,) = faults(replace(contract, gold_tables={"totals": table}))
    assert fault.startswith(f"gold_tables.totals.{key}: ")
    assert told in fault
    assert "line 1" not in fault
