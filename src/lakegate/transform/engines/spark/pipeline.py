"""The transformation: from the lines of a batch to the rows of gold, in one session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType

from pyspark import StorageLevel
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from lakegate.contract import Contract
from lakegate.transform.engines.spark import queries, reading

# By the first letters of their names: views that are small and read several times.
SETTLED = ("odd_keys", "repeated_", "rejected")
BROADCAST_ROWS = 1_000_000  # of two or three numbers each


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
        self._cached: list[DataFrame] = []

    def __enter__(self) -> Pipeline:
        return self

    def prepare(self) -> None:
        """Registers every view. Raises AnalysisException when a file is missing."""
        split = {name: self._split(name) for name in self.inputs}
        self._view("line_counts")
        self._settle("line_counts")
        counts = {row.dataset: row for row in self.spark.table("line_counts").collect()}
        for name, lines in split.items():
            dataset = self.contract.datasets[name]
            typed = reading.proven(lines, dataset)
            if counts[name].unproven_count:
                typed = typed.union(self._cache(reading.examined(lines, dataset)))
            typed.createOrReplaceTempView(f"lines_{name}")
        for name in queries.order():
            if name != "line_counts":
                self._view(name)
            if name.startswith(SETTLED):
                self._settle(name)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for frame in self._cached:
            frame.unpersist()

    def user_activity(self) -> DataFrame:
        """The rows of gold."""
        return self.spark.table("user_activity")

    def outcomes(self) -> dict[str, dict[str, int]]:
        """Dataset to outcome to number of lines: read, deduplicated, nulled_… and each reason."""
        counts: dict[str, dict[str, int]] = {name: {"read": 0} for name in self.inputs}
        for row in self.spark.table("outcomes").collect():
            counts[row.dataset][row.outcome] = row.line_count
        return counts

    def rejected_lines(self, dataset: str) -> DataFrame:
        """One row per rejected line: `reason`, `line`, `file`. Reads the text a second time."""
        lines = reading.lines(self.spark, self.inputs[dataset], with_file=True)
        lines.createOrReplaceTempView("raw_lines")
        return self.spark.sql(queries.text("rejected_lines"), args={"dataset": dataset})

    def _view(self, name: str) -> DataFrame:
        return queries.view(self.spark, name, self.contract)

    def _split(self, dataset: str) -> DataFrame:
        """The lines of a dataset as the pattern takes them apart; read once, when first counted."""
        lines = reading.lines(self.spark, self.inputs[dataset])
        split = self._cache(reading.split(lines, self.contract.datasets[dataset]))
        split.createOrReplaceTempView(f"split_{dataset}")
        return split

    def _cache(self, frame: DataFrame) -> DataFrame:
        """For what is large: columnar, spills to disk, computed again if an executor is lost."""
        self._cached.append(frame.persist(StorageLevel.MEMORY_AND_DISK))
        return frame

    def _settle(self, name: str) -> None:
        """For what is small: computed now, and its rows stand for it in later plans.

        Without this cut each plan would hold all plans before it, and planning would take longer
        than the work. Spark is told to broadcast it while that is cheap, and to leave out all that
        follows from it when it is empty.
        """
        counted = Observation()
        rows = F.count(F.lit(1)).alias("rows")
        frame = self.spark.table(name).observe(counted, rows).localCheckpoint()
        if counted.get["rows"] == 0:
            frame = frame.where("false")
        elif counted.get["rows"] <= BROADCAST_ROWS:
            frame = frame.hint("broadcast")
        frame.createOrReplaceTempView(name)
