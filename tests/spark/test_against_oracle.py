"""Gold, counts and quarantine of dirty batches are what the rules in plain Python say."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from contract import Contract
from tests.oracle import expect
from tests.spark import batches, strategies

EXAMPLES = int(os.environ.get("SPARK_EXAMPLES", "5"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take hours
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(many=st.lists(strategies.batches, min_size=6, max_size=6))
def test_dirty_batches_come_to_what_the_rules_say(
    spark: SparkSession, contract: Contract, many: list[dict[str, list[bytes]]]
) -> None:
    """Several small batches are run as one: a run costs seconds, however small it is."""
    lines = {name: [line for batch in many for line in batch[name]] for name in strategies.TOKENS}
    expected = expect(lines)
    with TemporaryDirectory() as folder:
        uris = batches.write(Path(folder), lines)
        produced = batches.run(spark, contract, uris, Path(folder))
    assert produced.outcomes == expected.outcomes
    assert produced.gold == expected.gold
    for name, rejected in expected.rejected.items():
        assert reasons(produced.rejected[name]) == reasons(rejected)


def reasons(rejected: list[tuple[str, bytes]]) -> Counter[tuple[str, bytes]]:
    """Rejected lines with their reasons; which of several alike lines stands is free."""
    return Counter((reason, line) for reason, line in rejected)
