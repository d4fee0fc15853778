"""DuckDB obeys every key of the contract that decides about rows."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lakegate import contract
from lakegate.transform.errors import JobError
from lakegate.transform.sql import resolved
from lakegate.trial.running import Trial
from tests import keys, words
from tests.duckdb import computed


@pytest.mark.parametrize("case", keys.CASES, ids=keys.IDS)
def test_a_key_is_obeyed(case: keys.Case, tmp_path: Path) -> None:
    trial = Trial(contract.load(keys.write(tmp_path, case)))
    found = [keys.row(row) for row in trial.rows("found", keys.lines())]
    assert keys.in_order(found) == keys.in_order(case.rows)
    outcomes = trial.outcomes(keys.files(tmp_path))["flights"]
    assert keys.counted(outcomes) == case.outcomes
    assert outcomes["read"] == 4
    assert outcomes["used"] == len(case.rows)


@pytest.mark.parametrize("policy", keys.POLICIES, ids=keys.POLICY_IDS)
def test_a_run_is_refused_by_the_key_that_says_so(policy: keys.Policy, tmp_path: Path) -> None:
    rules = resolved(contract.load(keys.write(tmp_path / "project", policy)))
    refused = pytest.raises(JobError, match=policy.error) if policy.error else nullcontext()
    with refused:
        report = computed.run(rules, keys.lines_of(policy), tmp_path)
        assert report.gold["found"]["rows"] == len(policy.flights) // 2


def test_every_name_may_be_a_word_of_sql(tmp_path: Path) -> None:
    rules = contract.load(words.write(tmp_path / "project"))
    report = computed.run(rules, words.LINES, tmp_path)
    assert report.gold["from"]["totals"] == words.TOTALS
    for table, expected in words.ROWS.items():
        found = pq.read_table(tmp_path / "gold" / table).to_pylist()
        assert sorted(found, key=repr) == expected
    assert Trial(rules).tables(words.files(tmp_path)) == words.ROWS
