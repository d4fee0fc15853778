"""A dataset that no gold table reads is landed and checked, and the job leaves it alone."""

from __future__ import annotations

import dataclasses

import pytest

from lakegate.contract import Contract
from lakegate.ledger.records import Claim, Input
from lakegate.transform import run

LANDED = ("users", "events", "orders", "products")


def claim() -> Claim:
    inputs = tuple(Input(name, name, f"{name}/1.json", f"b/{name}.json", "v", 1) for name in LANDED)
    return Claim("b", "r", 1, inputs, 1, 3, "starting", "owner", "2026", "2026")


@pytest.mark.parametrize("required", [LANDED[:3], LANDED])
def test_it_is_not_read(contract: Contract, required: tuple[str, ...]) -> None:
    products = dataclasses.replace(contract.datasets["orders"], references={})
    extended = dataclasses.replace(
        contract,
        datasets={**contract.datasets, "products": products},
        gate=dataclasses.replace(contract.gate, required=required),
    )
    assert run.uris(claim(), extended, "silver") == {
        name: (f"s3://silver/{name}/1.json",) for name in ("users", "events", "orders")
    }
