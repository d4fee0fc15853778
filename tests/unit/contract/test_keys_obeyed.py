"""The judge of lines and the data dictionary obey every key of the contract that is theirs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lakegate import contract
from lakegate.files.lines.judge import Judge
from scripts.documents import data
from tests import keys

OF_LINES = ("missing_", "bad_", "nulled_")


@pytest.mark.parametrize("case", keys.CASES, ids=keys.IDS)
def test_a_key_is_obeyed_line_by_line(case: keys.Case, tmp_path: Path) -> None:
    rules = contract.load(keys.write(tmp_path, case))
    judge = Judge(rules.datasets["flights"], rules.limits)
    found: Counter[str] = Counter()
    for line in keys.lines()["flights"]:
        judged = judge.judge(line)
        if judged.reason is not None:
            found[judged.reason] += 1
        else:
            found.update(f"nulled_{column}" for column in judged.nulled)
    expected = {name: n for name, n in case.outcomes.items() if name.startswith(OF_LINES)}
    assert found == Counter(expected)


@pytest.mark.parametrize("case", keys.CASES[1:], ids=keys.IDS[1:])
def test_the_dictionary_changes_with_a_key(case: keys.Case, tmp_path: Path) -> None:
    pages = [
        data.tables(contract.load(keys.write(tmp_path / one.key, one)))
        for one in (keys.CASES[0], case)
    ]
    assert pages[0] != pages[1]
