"""DuckDB obeys every key of the contract that decides about rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from lakegate import contract
from lakegate.trial.running import Trial
from tests import keys


@pytest.mark.parametrize("case", keys.CASES, ids=keys.IDS)
def test_a_key_is_obeyed(case: keys.Case, tmp_path: Path) -> None:
    trial = Trial(contract.load(keys.write(tmp_path, case)))
    found = [keys.row(row) for row in trial.rows("found", keys.lines())]
    assert keys.in_order(found) == keys.in_order(case.rows)
    outcomes = trial.outcomes(keys.files(tmp_path))["flights"]
    assert keys.counted(outcomes) == case.outcomes
    assert outcomes["read"] == 4
    assert outcomes["used"] == len(case.rows)
