"""From the files of a batch to gold and quarantine files that have passed every check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from lakegate.contract import Contract
from lakegate.transform import checks, verdict
from lakegate.transform.engines.spark import session
from lakegate.transform.engines.spark.pipeline import Pipeline
from lakegate.transform.errors import InputError
from lakegate.transform.report import Report

Uris = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Targets:
    """Where a run writes: one URI for gold, one per dataset for rejected lines."""

    table: str
    gold: str
    rejected: Mapping[str, str]


def produce(
    spark: SparkSession, contract: Contract, inputs: Uris, targets: Targets, result: Report
) -> None:
    """Writes gold and rejected lines and notes in `result` what became of every line.

    Raises a JobError when an input is missing or empty, when the rows do not balance, when too many
    were rejected or when a check does not hold. What was written is then left, unpublished.
    """
    with Pipeline(spark, contract, inputs) as pipeline:
        with result.stage("read"):
            result.datasets = outcomes = _read(pipeline, inputs)
        with result.stage("quarantine"):
            for dataset, uri in targets.rejected.items():
                if verdict.rejected(outcomes[dataset]):
                    _write(pipeline.rejected_lines(dataset), uri)
        with result.stage("gold"), session.large_files(spark):
            _write(pipeline.user_activity(), targets.gold)
        with result.stage("check"):
            spark.read.parquet(targets.gold).createOrReplaceTempView(targets.table)
            totals, result.checks = checks.run(
                spark, targets.table, contract.gold_tables[targets.table]
            )
            result.gold |= totals
            for dataset, counts in outcomes.items():
                counts["used"] = totals[dataset]
            verdict.require_balance(outcomes)
            verdict.require_threshold(outcomes, contract)
            checks.require(result.checks)


def _read(pipeline: Pipeline, inputs: Uris) -> dict[str, dict[str, int]]:
    try:
        pipeline.prepare()
        outcomes = pipeline.outcomes()
    except AnalysisException as error:
        raise InputError(f"an input cannot be read: {str(error).splitlines()[0]}") from error
    verdict.require_lines(outcomes, inputs)
    return outcomes


def _write(frame: DataFrame, uri: str) -> None:
    # The prefix belongs to this run alone; what a broken write of the same run left is replaced.
    frame.write.mode("overwrite").parquet(uri)
