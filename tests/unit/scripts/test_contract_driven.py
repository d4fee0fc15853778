"""Columns and datasets come from the contract, also those the generator has never heard of."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lakegate import contract
from lakegate.contract import Column, Dataset, Reference

COLUMNS = (
    Column("return_id", "bigint", "Key", required=True),
    Column("user_id", "bigint", "Who", required=True),
    Column("returned_at", "timestamp", "When", required=True),
    Column("reason", "string", "Why", allowed=("broken", "late")),
    Column("note", "string", "Text"),
    Column("fee", "decimal(5,2)", "Cost"),
    Column("stars", "decimal(3,0)", "Whole"),
    Column("weight", "double", "Kilograms"),
    Column("boxes", "int", "Boxes"),
    Column("insured", "boolean", "Insured", required=True),
)


@pytest.fixture(scope="module")
def wider(shop: contract.Contract) -> contract.Contract:
    returns = Dataset(
        COLUMNS, "Returns", ("return_id",), "returned_at", {"user_id": Reference("users")}
    )
    users = shop.datasets["users"]
    renamed = dataclasses.replace(
        users, columns=(*users.columns[:-2], Column("tier", "int", "Level"), *users.columns[-2:])
    )
    return dataclasses.replace(
        shop, datasets={**shop.datasets, "users": renamed, "returns": returns}
    )


@pytest.fixture(scope="module")
def folder(made: Any, wider: contract.Contract) -> Path:
    path: Path = made(2000, of=wider, dirt={"all": 0.05})
    return path


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / f"{name}.json").open(encoding="utf-8") as file:
        return [json.loads(line, parse_float=Decimal) for line in file if line.strip()]


def test_a_new_column_is_made_from_its_type(folder: Path) -> None:
    found = rows(folder, "users")
    assert list(found[0])[-3:] == ["tier", "signed_up_at", "marketing_opt_in"]
    assert len({row["tier"] for row in found}) > 500
    assert any(row["tier"] is None for row in found)


def test_a_new_dataset_is_made_from_its_types(folder: Path, made: Any, wider: Any) -> None:
    found = rows(made(2000, of=wider), "returns")
    assert [row["return_id"] for row in found] == list(range(1, 2001))
    assert all(list(row) == [column.name for column in COLUMNS] for row in found)
    assert {row["user_id"] for row in found} < set(range(1, 2001))
    assert {row["reason"] for row in found} == {"broken", "late", None}
    assert all(row["fee"] is None or 0 <= row["fee"] < 1000 for row in found)
    assert all(row["stars"] is None or isinstance(row["stars"], int) for row in found)
    assert {type(row["weight"]) for row in found} == {Decimal, type(None)}
    assert {row["insured"] for row in found} == {True, False}
    assert all(row["returned_at"].endswith("Z") and "T" in row["returned_at"] for row in found)


def test_faults_follow_the_contract(folder: Path) -> None:
    said = json.loads((folder / "expected.json").read_bytes())["datasets"]["returns"]
    assert said["read"] == len(rows(folder, "returns")) == 2100
    assert {"bad_insured", "unknown_user"} <= set(said["reasons"])


def test_a_column_that_is_gone_is_not_written(made: Any, shop: contract.Contract) -> None:
    orders = shop.datasets["orders"]
    fewer = dataclasses.replace(
        orders, columns=tuple(column for column in orders.columns if column.name != "item_count")
    )
    out = made(50, of=dataclasses.replace(shop, datasets={**shop.datasets, "orders": fewer}))
    assert all("item_count" not in row for row in rows(out, "orders"))
