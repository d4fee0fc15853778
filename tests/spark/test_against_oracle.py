"""Gold, counts and quarantine of dirty lines are what the rules in plain Python say."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests import oracle
from tests.spark.conftest import Dirty


def test_gold_is_what_the_rules_say(dirty: Dirty) -> None:
    assert len(dirty.expected.gold) > 100
    assert dirty.produced.gold == dirty.expected.gold, dirty.again
    assert dirty.produced.by("country_revenue", "country") == dirty.expected.countries, dirty.again


def test_every_line_has_the_outcome_that_the_rules_say(dirty: Dirty) -> None:
    for name, outcomes in dirty.expected.outcomes.items():
        assert dirty.produced.outcomes[name] == outcomes, (name, dirty.again)


def test_the_rejected_lines_are_those_that_the_rules_name(dirty: Dirty) -> None:
    for name, rejected in dirty.expected.rejected.items():
        found = Counter(
            said_of(name, reason, line) for reason, line in dirty.produced.rejected[name]
        )
        wanted = Counter(said_of(name, reason, line) for reason, line in rejected)
        assert found - wanted == wanted - found == Counter(), (name, dirty.again)
        assert {line for _, line in dirty.produced.rejected[name]} <= {*dirty.lines[name]}


def said_of(dataset: str, reason: str, line: bytes) -> tuple[str, bytes | tuple[Any, ...]]:
    """The reason and the line; of valid lines the values, for alike ones are equal."""
    try:
        row, _ = oracle.read(dataset, oracle.parse_object(line))
    except (oracle.Malformed, oracle.Wrong):
        return reason, line
    return reason, tuple(row.values())
