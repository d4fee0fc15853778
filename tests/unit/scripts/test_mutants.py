"""Every mutant still fits the source that it edits."""

from __future__ import annotations

import pytest

from scripts.mutants import MUTANTS, ROOT
from scripts.mutating.mutant import Mutant
from scripts.mutating.running import TESTS, room_of


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda item: f"{item.file}: {item.claim}")
def test_the_edit_fits_and_changes_something(mutant: Mutant) -> None:
    source = (ROOT / "src" / mutant.file).read_text()
    assert mutant.applied(source) != source
    assert room_of(mutant.file) in TESTS


def test_the_tests_that_are_to_catch_them_exist() -> None:
    assert all((ROOT / path).exists() for paths in TESTS.values() for path in paths)
