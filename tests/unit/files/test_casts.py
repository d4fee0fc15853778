"""The table of casts against one that was written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lakegate.contract.model import SCALAR_TYPES, Dataset, Limits
from lakegate.files.lines.casts import TABLE
from lakegate.files.lines.judge import Judge
from lakegate.files.lines.numbers import LARGEST_EXPONENT, LONGEST
from scripts.documents import casts, marked
from tests.lines.cases import Case, cases

LIMITS = Limits()


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_token_is_what_the_table_says(case: Case) -> None:
    found = Judge(Dataset((case.column,)), LIMITS, casts=case.casts).judge(case.line)
    assert found.reason is None
    assert found.values == (case.value,)
    assert type(found.values[0]) is type(case.value)
    assert str(found.values[0]) == str(case.value)
    assert found.nulled == (("c",) if case.wrong else ())
    assert found.rounded == (("c",) if case.rounded else ())


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_required_column_says_whether_it_is_wrong_or_missing(case: Case) -> None:
    dataset = Dataset((replace(case.column, required=True),))
    reason = "bad_c" if case.wrong else "missing_c" if case.value is None else None
    assert Judge(dataset, LIMITS, casts=case.casts).judge(case.line).reason == reason


def test_the_page_of_casts_is_current() -> None:
    page = casts.PAGE.read_text(encoding="utf-8")
    assert page == marked.written(page, casts=casts.table())
    assert f"more than {LONGEST:,} characters" in page
    assert f"beyond ±{LARGEST_EXPONENT}," in page


def test_the_table_has_every_type() -> None:
    assert set(TABLE) == {*SCALAR_TYPES, "decimal"}
    assert {case.column.type.partition("(")[0] for case in cases()} == set(TABLE)
