"""Spark obeys every key of the contract that decides about rows."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lakegate import contract
from lakegate.transform.errors import JobError
from lakegate.transform.sql import resolved
from tests import keys, words
from tests.spark import batches


@pytest.mark.parametrize("case", keys.CASES, ids=keys.IDS)
def test_a_key_is_obeyed(case: keys.Case, spark: SparkSession, tmp_path: Path) -> None:
    rules = contract.load(keys.write(tmp_path, case))
    uris = {path.stem: (path.as_uri(),) for path in keys.files(tmp_path)}
    produced = batches.run(spark, rules, uris, tmp_path / "out")
    found = [keys.row(row) for row in produced.tables["found"]]
    assert keys.in_order(found) == keys.in_order(case.rows)
    outcomes = produced.outcomes["flights"]
    assert keys.counted(outcomes) == case.outcomes
    assert (outcomes["read"], outcomes["used"]) == (4, len(case.rows))


@pytest.mark.parametrize("policy", keys.POLICIES, ids=keys.POLICY_IDS)
def test_a_run_is_refused_by_the_key_that_says_so(
    policy: keys.Policy, spark: SparkSession, tmp_path: Path
) -> None:
    rules = resolved(contract.load(keys.write(tmp_path / "project", policy)))
    uris = batches.write(tmp_path, keys.lines_of(policy))
    refused = pytest.raises(JobError, match=policy.error) if policy.error else nullcontext()
    with refused:
        produced = batches.run(spark, rules, uris, tmp_path / "out")
        assert len(produced.tables["found"]) == len(policy.flights) // 2


def test_every_name_may_be_a_word_of_sql(spark: SparkSession, tmp_path: Path) -> None:
    rules = contract.load(words.write(tmp_path / "project"))
    produced = batches.run(spark, rules, batches.write(tmp_path, words.LINES), tmp_path / "out")
    assert produced.report.gold["from"]["totals"] == words.TOTALS
    found = {table: sorted(rows, key=repr) for table, rows in produced.tables.items()}
    assert found == words.ROWS
