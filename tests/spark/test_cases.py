"""Files as they went wrong for somebody, with Spark: what comes of each, strict and lenient.

The pipeline is the real one on fake AWS. HYPOTHESIS_PROFILE=thorough tries every case, otherwise
a few of those are tried of which the counts of the engine are known, with lenient casts if with
both: DuckDB reads them all by the same plan.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakegate import contract
from tests.faults.world import BUCKETS, World
from tests.integration.own.cases import EXPECTED, Case, Stand, with_casts
from tests.spark.on_fakes import SparkWorld

ALL = [(case, casts) for case in Case.all() for casts in ("strict", "lenient")]
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
COUNTED = {
    case.folder.name: (case, casts)
    for case, casts in ALL
    if "datasets" in case.document.get(EXPECTED[casts], ())
}
FEW = 3
CASES = ALL if THOROUGH else [*COUNTED.values()][::FEW]
IDS = [f"{case.folder.name}-{casts}" for case, casts in CASES]


@dataclass(frozen=True)
class OfWorld(Stand):
    """A stand whose time passes when somebody waits."""

    world: World

    def until(self, found: Callable[[], Any]) -> Any:
        # Notifications may come more than once.
        self.world.queue = [version for _, version in self.world.written("bronze")]
        self.world.settle()
        return found()


@pytest.mark.parametrize(("case", "casts"), CASES, ids=IDS)
def test_a_public_failure(spark: SparkSession, tmp_path: Path, case: Case, casts: str) -> None:
    world = SparkWorld(spark=spark, folder=tmp_path)
    world.contract = contract.load(with_casts(tmp_path / "project", casts))
    stand = OfWorld(world.cloud.client("s3"), {name: name for name in BUCKETS}, world)
    stand.upload(case, "b")
    assert stand.wrong(case.expected(casts), "b") == []
