"""A dataset that no gold table reads is landed and checked, and the job leaves it alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from lakegate.contract import load
from lakegate.ledger.records import Claim, Input
from lakegate.transform import run
from lakegate.transform.engines.protocol import SilverFile

ROOT = Path(__file__).resolve().parents[3]
LANDED = ("users", "events", "orders", "products")


def claim() -> Claim:
    """A claim that has a file of each dataset."""
    inputs = tuple(Input(name, name, f"{name}/1.json", f"b/{name}.json", "v", 1) for name in LANDED)
    return Claim("b", "r", 1, inputs, 1, 3, "starting", "owner", "2026", "2026")


@pytest.mark.parametrize("required", [LANDED[:3], LANDED])
def test_it_is_not_read(required: tuple[str, ...]) -> None:
    contract = load(ROOT / "config" / "pipeline.yaml")
    products = dataclasses.replace(contract.datasets["orders"], references={})
    extended = dataclasses.replace(
        contract,
        datasets={**contract.datasets, "products": products},
        gate=dataclasses.replace(contract.gate, required=required),
    )
    assert run.inputs(claim(), extended, "silver") == {
        name: (SilverFile(f"s3://silver/{name}/1.json", 1),)
        for name in ("users", "events", "orders")
    }
