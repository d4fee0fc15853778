"""The projects of `examples/` on Spark; `tests/examples` runs the same on DuckDB."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate.contract.project import Project
from lakegate.infer.opened import opened
from lakegate.transform.sql import resolved
from tests.examples.oracles import FOLDER, ORACLES, told
from tests.spark import batches


@pytest.mark.parametrize("name", ORACLES)
def test_every_table_is_what_plain_python_makes_of_the_sample(
    spark: SparkSession, tmp_path: Path, name: str
) -> None:
    project = Project.open(FOLDER / name)
    contract = resolved(project.contract)
    lines: dict[str, list[bytes]] = {}
    for path in project.samples():
        match = contract.key_pattern.fullmatch(path.name)
        if match is None:  # the manifest
            continue
        dataset = match["dataset"]
        file = opened(path, dataset, contract.datasets[dataset], contract.limits)
        lines.setdefault(dataset, []).extend(file.lines)
    produced = batches.run(spark, contract, batches.write(tmp_path, lines), tmp_path)
    for table, rows in ORACLES[name](project.sample_data).items():
        assert told(produced.tables[table]) == told(rows)
