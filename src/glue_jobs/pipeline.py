"""The transformation: from the lines of a batch to the rows of gold, in one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from contract import Contract
from glue_jobs import queries, reading


class Pipeline:
    """The views of one batch; what several of them read is computed once and kept until the end.

    `inputs` has the URIs of each dataset's files; a dataset without any is empty.
    """

    def __init__(
        self, spark: SparkSession, contract: Contract, inputs: Mapping[str, Sequence[str]]
    ) -> None:
        self.spark = spark
        self.contract = contract
        self.inputs = inputs
        self._kept: list[DataFrame] = []

    def __enter__(self) -> Pipeline:
        return self

    def prepare(self) -> None:
        """Registers every view. Raises AnalysisException when a file is missing."""
        for name in self.inputs:
            typed = reading.typed(self._lines(name), self.contract.datasets[name])
            typed.createOrReplaceTempView(f"lines_{name}")
            self._keep(f"checked_{name}")
        # Counted at once, so that Spark knows how small they are when it plans what follows.
        self._keep("repeated_keys").count()
        for name in self.inputs:
            self._keep(f"repeated_{name}")
        for name in ("stg_users", "latest_events", "latest_orders"):
            self._view(name)
        self._keep("unknown_users").count()
        for name in ("stg_events", "stg_orders", "user_activity"):
            self._view(name)
        self._keep("rejected")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for frame in self._kept:
            frame.unpersist()

    def user_activity(self) -> DataFrame:
        """The rows of gold."""
        return self.spark.table("user_activity")

    def outcomes(self) -> dict[str, dict[str, int]]:
        """Dataset to outcome to number of lines: read, deduplicated, nulled_… and each reason."""
        counts: dict[str, dict[str, int]] = {name: {"read": 0} for name in self.inputs}
        for row in self._view("outcomes").collect():
            counts[row.dataset][row.outcome] = row.line_count
        return counts

    def rejected_lines(self, dataset: str) -> DataFrame:
        """One row per rejected line: `reason`, `line`, `file`. Reads the text a second time."""
        self._lines(dataset).createOrReplaceTempView("raw_lines")
        return self.spark.sql(queries.text("rejected_lines"), args={"dataset": dataset})

    def _lines(self, dataset: str) -> DataFrame:
        return reading.lines(self.spark, self.inputs[dataset])

    def _view(self, name: str) -> DataFrame:
        return queries.view(self.spark, name, self.contract)

    def _keep(self, name: str) -> DataFrame:
        frame = self._view(name).persist(StorageLevel.MEMORY_AND_DISK)
        self._kept.append(frame)
        return frame
