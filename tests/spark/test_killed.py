"""The real job, with Spark, meets a fault at each of its calls: one publication, the right rows.

HYPOTHESIS_PROFILE=thorough tries each fault at each call, otherwise a few are tried.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from lakegate.ledger.records import Engine
from lakegate.transform import run as job
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.plan import View
from lakegate.transform.render import render
from lakegate.transform.run import Attempt, Buckets
from tests.fakes.cloud import Cloud, Fault
from tests.faults.real import Killed, RealWorld
from tests.faults.test_function import BATCH, CALLS, FAULTS, check
from tests.faults.world import pipeline

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
EVERY = 1 if THOROUGH else 17  # calls
PROJECT = Project(pipeline("spark"), render(pipeline("spark"), "spark"))


class OnFakes(SparkEngine):
    """Spark itself works on files of this machine; each goes to the fake account in one call."""

    def __init__(self, spark: SparkSession, cloud: Cloud, folder: Path) -> None:
        super().__init__(spark, PROJECT.contract)
        self.cloud, self.folder = cloud, folder

    def read(self, inputs: Mapping[str, Sequence[SilverFile]]) -> None:
        super().read(
            {
                name: [replace(file, uri=self._fetched(file.uri)) for file in files]
                for name, files in inputs.items()
            }
        )

    def write(self, view: View, uri: str) -> None:
        super().write(view, f"file://{self._place(uri)}")
        self._send(uri)

    def write_rejected(self, dataset: str, uri: str) -> None:
        super().write_rejected(dataset, f"file://{self._place(uri)}")
        self._send(uri)

    def _place(self, uri: str) -> Path:
        return self.folder / uri.removeprefix("s3://")

    def _fetched(self, uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        self._place(uri).parent.mkdir(parents=True, exist_ok=True)
        self._place(uri).write_bytes(self.cloud.s3.contents(bucket)[key])
        return f"file://{self._place(uri)}"

    def _send(self, uri: str) -> None:
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        for path in sorted(self._place(uri).glob("*.parquet")):
            key, content = f"{prefix.rstrip('/')}/{path.name}", path.read_bytes()
            self.cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=content)


@dataclass
class SparkWorld(RealWorld):
    """Its runs are those of Glue, each with the session of these tests."""

    engine: Engine = "spark"
    spark: SparkSession | None = None
    folder: Path = Path()

    def job(self, run: dict[str, Any]) -> Iterator[str]:
        assert self.spark is not None
        run["JobRunState"] = "RUNNING"
        yield "started"
        given = run["Arguments"]
        job.run(
            Attempt(given["--BATCH_ID"], given["--REVISION"], int(given["--ATTEMPT"]), run["Id"]),
            PROJECT,
            OnFakes(self.spark, self.cloud, self.folder / run["Id"]),
            Buckets("silver", "gold", "quarantine"),
            self.store(),
            self.catalog(),
        )
        yield "flipped"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_of_the_job_leads_to_one_publication(
    fault: Fault, spark: SparkSession, tmp_path: Path
) -> None:
    for at in range(FAULTS.index(fault), CALLS, EVERY):
        world = SparkWorld(spark=spark, folder=tmp_path / str(at))
        world.upload_batch(BATCH)
        world.deliver()
        (run,) = world.cloud.glue.runs
        hook = world.cloud.hook = Killed(at, fault)
        world.finish(run, world.job(run))
        world.cloud.hook = None
        world.settle()
        check(world)
        if next(hook.count) <= at:
            return
    pytest.fail(f"a run makes more than {CALLS} calls")
