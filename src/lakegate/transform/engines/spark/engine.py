"""Spark behind the engine protocol: views of one session, Parquet by its own writer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
from pyspark import StorageLevel
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F

from lakegate.contract import Contract
from lakegate.transform.engines.protocol import SilverFile
from lakegate.transform.engines.spark import numbers, reading, session
from lakegate.transform.engines.spark.cause import cause, told
from lakegate.transform.errors import InputError
from lakegate.transform.plan import REJECTED, View

# As a worker tells it; see LineError.
LINE = re.compile(r"LineError: (?P<dataset>\w+): line (?P<line>-?[0-9]+): (?P<what>[^\n]*)")
BROADCAST_ROWS = 1_000_000  # of two or three numbers each
# As many copies of a line as were rejected, wherever they stand: lines are found by their hash. Of
# lines that only share it each is kept, so that none is left out.
REJECTED_LINES = f"""
with
wanted as (
    select _line, reason, count(*) as line_count
    from {REJECTED}
    where dataset = :dataset
    group by _line, reason
),

found as (
    select
        wanted.reason,
        wanted.line_count,
        raw_lines._text as raw,
        decode(cast(raw_lines._text as binary), 'UTF-8') as line,
        raw_lines._file as file,
        row_number() over (
            partition by wanted._line, wanted.reason, raw_lines._text order by raw_lines._file
        ) as copy_number
    from raw_lines
    inner join wanted on xxhash64(raw_lines._text) = wanted._line
)

select
    reason,
    line,
    case when raw <> line then cast(raw as binary) end as line_bytes,
    file
from found
where copy_number <= line_count
"""


class SparkEngine:
    """One revision in one session; what several views read is kept until the end."""

    name = "spark"
    trouble: tuple[type[Exception], ...] = (PySparkException, Py4JJavaError)

    def __init__(self, spark: SparkSession, contract: Contract) -> None:
        self._spark = spark
        self._contract = contract
        self._inputs: Mapping[str, Sequence[SilverFile]] = {}
        self._cached: list[DataFrame] = []
        self._line_count = 0

    @property
    def version(self) -> str:
        """Spark's own."""
        return self._spark.version

    def cause(self, error: BaseException) -> str:
        """Type and first line; of a Java error, those of the innermost cause.

        Where a line is to blame, its dataset, file and number instead.
        """
        line = LINE.search(told(error))
        if line is None or line["dataset"] not in self._inputs:
            return cause(error)
        place = reading.place(self._spark, self._inputs[line["dataset"]], int(line["line"]))
        return f"{line['dataset']}: {place}: {line['what']}"

    def __enter__(self) -> SparkEngine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for frame in self._cached:
            frame.unpersist()

    def read(self, inputs: Mapping[str, Sequence[SilverFile]]) -> None:
        """Lines that the pattern proves as they are, and the others as the judge sees them.

        All files are read once, by the count that tells whether there are others.
        """
        self._inputs = inputs
        session.scale(self._spark, sum(file.size for files in inputs.values() for file in files))
        try:
            groups = {
                name: [
                    (group, self._cache(reading.split(self._spark, group)))
                    for group in reading.groups(self._spark, self._contract, name, files)
                ]
                for name, files in inputs.items()
            }
            frames = [frame for parts in groups.values() for _, frame in parts]
            counts = reading.counts(frames)
            self._line_count = sum(lines for lines, _ in counts)
            unproven = (others for _, others in counts)
        except AnalysisException as error:
            raise InputError(f"an input cannot be read: {str(error).splitlines()[0]}") from error
        for name, parts in groups.items():
            lines = reading.empty(self._spark, self._contract.datasets[name])
            for number, (group, frame) in enumerate(parts):
                has_others = next(unproven) > 0
                typed = reading.proven(frame, group, all_are=not has_others)
                lines = lines.union(typed) if number else typed
                if has_others:
                    lines = lines.union(self._cache(reading.judged(frame, group)))
            lines.createOrReplaceTempView(f"lines_{name}")

    def view(self, view: View) -> None:
        """A temporary view, or its rows where it is to settle."""
        frame = None
        if view.each and self._line_count * view.each_of_a_line <= numbers.MOST:
            frame = numbers.picked(self._spark.sql(view.each))
        if frame is None:
            frame = self._spark.sql(view.sql)
        if view.settle:
            frame = self._settled(frame)
        frame.createOrReplaceTempView(view.name)

    def rows(self, query: str, limit: int | None = None) -> list[dict[str, Any]]:
        """The collected rows."""
        frame = self._spark.sql(query)
        return [row.asDict() for row in (frame if limit is None else frame.limit(limit)).collect()]

    def write(self, view: View, uri: str) -> None:
        """Few large files; the prefix belongs to this run alone, what a broken write left goes.

        A column has its name in lower case, as contract and catalog have it.
        """
        with session.large_files(self._spark):
            frame = self._spark.sql(view.sql)
            _write(frame.toDF(*map(str.lower, frame.columns)), uri)
        self._spark.read.parquet(uri).createOrReplaceTempView(view.name)

    def write_rejected(self, dataset: str, uri: str) -> None:
        """Reads the text a second time, for the lines whose hashes are wanted."""
        lines = reading.lines(self._spark, self._inputs[dataset], with_file=True)
        lines.createOrReplaceTempView("raw_lines")
        _write(self._spark.sql(REJECTED_LINES, args={"dataset": dataset}), uri)

    def _cache(self, frame: DataFrame) -> DataFrame:
        """For what is large: columnar, spills to disk, computed again if an executor is lost."""
        self._cached.append(frame.persist(StorageLevel.MEMORY_AND_DISK))
        return frame

    def _settled(self, frame: DataFrame) -> DataFrame:
        """For what is small: computed now, and its rows stand for it in later plans.

        Without this cut each plan would hold all plans before it, and planning would take longer
        than the work. Spark is told to broadcast it while that is cheap, and to leave out all that
        follows from it when it is empty.
        """
        if _is_surely_empty(frame):
            return frame.where("false")
        counted = Observation()
        settled = frame.observe(counted, F.count(F.lit(1)).alias("rows")).localCheckpoint()
        if counted.get["rows"] == 0:
            return settled.where("false")
        if counted.get["rows"] <= BROADCAST_ROWS:
            return settled.hint("broadcast")
        return settled


def _is_surely_empty(frame: DataFrame) -> bool:
    """Whether Spark sees, without a job, that there are no rows."""
    plan: Any = frame._jdf.queryExecution().optimizedPlan()
    most = plan.maxRows()
    return bool(most.isDefined() and most.get() == 0)


def _write(frame: DataFrame, uri: str) -> None:
    frame.write.mode("overwrite").parquet(uri)
