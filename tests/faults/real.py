"""The pipeline on fake AWS with the real function: DuckDB reads, computes and writes."""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow.parquet as pq

from duckdb_engine import handler
from duckdb_engine.wiring import UNITS, Wiring
from lakegate.aws.metrics import Metrics
from lakegate.contract.model import Engine
from lakegate.transform.artifacts import Project
from lakegate.transform.render import render
from lakegate.transform.run import Buckets
from tests.fakes.cloud import Call, Cloud, Fault, ProcessDiedError
from tests.faults.world import World, pipeline

PLAN = render(pipeline("duckdb"), "duckdb")


@dataclass(frozen=True)
class Context:
    """What Lambda tells of a call."""

    aws_request_id: str
    seconds: float = 900

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@dataclass
class RealWorld(World):
    """Its clock begins now, because the function asks the machine's."""

    engine: Engine = "duckdb"
    cloud: Cloud = field(default_factory=lambda: Cloud(now=datetime.now(UTC)))
    seconds: float = 900

    def wiring(self) -> Wiring:
        return Wiring(
            Project(self.contract, PLAN),
            Buckets("silver", "gold", "quarantine"),
            self.cloud.client("s3"),
            self.store(),
            self.catalog(),
            Metrics("test/test", UNITS),
        )

    def call(self, run: dict[str, Any]) -> dict[str, str]:
        """One delivery of an event to the function."""
        arguments = run["Arguments"]
        event = {
            "batch": arguments["--BATCH_ID"],
            "revision": arguments["--REVISION"],
            "attempt": int(arguments["--ATTEMPT"]),
        }
        return handler.work(event, Context(run["Id"], self.seconds), self.wiring())

    def _reported(self, run: dict[str, Any]) -> Any:
        run["JobRunState"] = "RUNNING"
        yield "started"
        self.call(run)
        yield "flipped"

    def gold(self, table: str, batch: str) -> list[dict[str, Any]]:
        """The rows that a reader of the catalog sees."""
        location = self.location(batch, table)
        assert location is not None
        prefix = location.removeprefix("s3://gold/")
        return [
            row
            for content in self.contents("gold", prefix).values()
            for row in pq.read_table(io.BytesIO(content)).to_pylist()
        ]


@dataclass
class Killed:
    """A hook that lets the process meet a fault at one of its calls; if it dies there, for good."""

    at: int
    fault: Fault
    is_dead: bool = False
    count: Any = field(default_factory=itertools.count)

    def __call__(self, call: Call) -> Fault | None:
        if self.is_dead:
            return "dies"
        if next(self.count) != self.at:
            return None
        self.is_dead = self.fault.startswith("dies")
        return self.fault


__all__ = ["Context", "Killed", "ProcessDiedError", "RealWorld"]
