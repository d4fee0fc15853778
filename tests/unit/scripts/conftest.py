"""Data sets that several tests look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lakegate import contract
from scripts.generator.dirt.plan import Dirt
from scripts.generator.draws import Draws
from scripts.generator.run import Request, generate
from scripts.generator.tables.rows import Source

ROOT = Path(__file__).resolve().parents[3]
Made = Callable[..., Path]


@pytest.fixture(scope="session")
def shop() -> contract.Contract:
    return contract.load(ROOT / "config/pipeline.yaml")


@pytest.fixture(scope="session")
def made(shop: contract.Contract, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Generates into a new folder: made(rows, seed=…, parts=…, dirt=…, workers=…)."""

    def make(  # noqa: PLR0917
        rows: int,
        seed: int = 7,
        parts: int = 1,
        dirt: dict[str, float] | None = None,
        workers: int = 1,
        of: contract.Contract = shop,
    ) -> Path:
        out = tmp_path_factory.mktemp("data")
        bad = Dirt(of, Draws(seed), dirt or {})
        generate(Request(Source(of, seed, rows), bad, parts), out, workers, lambda _: None)
        return out

    return make


@pytest.fixture(scope="session")
def clean(made: Made) -> Path:
    """20,000 good rows a dataset."""
    return made(20_000)


@pytest.fixture(scope="session")
def dirty(made: Made) -> Path:
    """18,000 good rows a dataset in two parts, and every kind of bad line between them."""
    return made(18_000, parts=2, dirt={"all": 0.04})
