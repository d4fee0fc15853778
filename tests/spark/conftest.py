"""One Spark session and one large dirty batch for all tests here: a run costs seconds, however
small it is."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate.contract import Contract, load
from lakegate.transform.engines.spark import session
from tests.oracle import Expected, expect
from tests.spark import batches, strategies, validator

ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts a session."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.spark)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session in another time zone than UTC, so that a result that depends on it shows."""
    # The workers that judge lines need the packages of this interpreter.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config(
            "spark.driver.extraJavaOptions",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.timezone=America/St_Johns",
        )
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
    )
    running = session.configure(builder.getOrCreate())
    session.scale(running, 1)
    running.sparkContext.setLogLevel("ERROR")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract of the project, which lets any share of rows be rejected."""
    return letting(load(ROOT / "config" / "pipeline.yaml"), 0.999999)


def letting(contract: Contract, ratio: float) -> Contract:
    """The contract, letting that share of the rows of each dataset be rejected."""
    datasets = {
        name: dataclasses.replace(dataset, max_rejected_ratio=ratio)
        for name, dataset in contract.datasets.items()
    }
    return dataclasses.replace(contract, datasets=datasets, max_rejected_ratio=ratio)


@dataclass(frozen=True)
class Dirty:
    """A batch with all kinds of dirt: its lines, what they must come to and what they came to."""

    lines: dict[str, list[bytes]]
    expected: Expected
    produced: batches.Produced
    again: str


@pytest.fixture(scope="session")
def dirty(
    spark: SparkSession, contract: Contract, tmp_path_factory: pytest.TempPathFactory
) -> Dirty:
    lines, again = strategies.drawn()
    for name, rows in validator.corpus(contract).items():
        lines[name] += rows
    folder = tmp_path_factory.mktemp("dirty")
    produced = batches.run(spark, contract, batches.write(folder, lines), folder)
    return Dirty(lines, expect(lines), produced, again)
