"""Contracts that a running stack is given instead of its own."""

from __future__ import annotations

from dataclasses import replace

from lakegate.contract import Column, Dataset
from tests.faults.world import World

REVIEWS = Dataset(
    columns=(Column("review_id", "string", required=True),), primary_key=("review_id",)
)
REVIEW = b'{"review_id": "r1"}\n'


def with_reviews_landed(world: World) -> None:
    rules = world.contract
    world.contract = replace(rules, datasets={**rules.datasets, "reviews": REVIEWS})


def with_reviews_required(world: World) -> None:
    rules = world.contract
    world.contract = replace(
        rules,
        datasets={**rules.datasets, "reviews": REVIEWS},
        gate=replace(rules.gate, required=(*rules.gate.required, "reviews")),
    )
