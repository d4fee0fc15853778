"""Gold, counts and quarantine of dirty lines are what the rules in plain Python say."""

from __future__ import annotations

from collections import Counter

from tests.spark.conftest import Dirty


def test_gold_is_what_the_rules_say(dirty: Dirty) -> None:
    assert len(dirty.expected.gold) > 100
    assert dirty.produced.gold == dirty.expected.gold, dirty.again


def test_every_line_has_the_outcome_that_the_rules_say(dirty: Dirty) -> None:
    for name, outcomes in dirty.expected.outcomes.items():
        assert dirty.produced.outcomes[name] == outcomes, (name, dirty.again)


def test_the_rejected_lines_are_those_that_the_rules_name(dirty: Dirty) -> None:
    for name, rejected in dirty.expected.rejected.items():
        found, wanted = reasons(dirty.produced.rejected[name]), reasons(rejected)
        assert found - wanted == wanted - found == Counter(), dirty.again


def reasons(rejected: list[tuple[str, bytes]]) -> Counter[tuple[str, bytes]]:
    """Rejected lines with their reasons; which of several alike lines stands is free."""
    return Counter((reason, line) for reason, line in rejected)
