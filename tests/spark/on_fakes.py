"""The pipeline on fake AWS with the real job: Spark reads, computes and writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from lakegate.contract import Contract
from lakegate.ledger.records import Engine
from lakegate.transform import run as job
from lakegate.transform.artifacts import Project
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark.engine import SparkEngine
from lakegate.transform.plan import View
from lakegate.transform.render import render
from lakegate.transform.run import Attempt, Buckets
from tests.fakes.cloud import Cloud
from tests.faults.real import RealWorld


class OnFakes(SparkEngine):
    """Spark itself works on files of this machine; each goes to the fake account in one call."""

    def __init__(self, spark: SparkSession, contract: Contract, cloud: Cloud, folder: Path) -> None:
        super().__init__(spark, contract)
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
            Project(self.contract, render(self.contract, "spark")),
            OnFakes(self.spark, self.contract, self.cloud, self.folder / run["Id"]),
            Buckets("silver", "gold", "quarantine"),
            self.store(),
            self.catalog(),
        )
        yield "flipped"
