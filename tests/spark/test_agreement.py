"""What the validator in full depth calls good, the job reads without fault, and the reverse."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from contract import Contract
from lambda_validator import full
from lambda_validator.reasons import Code
from lambda_validator.verdict import Rejected
from tests.spark import batches, strategies

EXAMPLES = int(os.environ.get("SPARK_EXAMPLES", "3"))
CORPUS = Path(__file__).parents[2] / "data" / "invalid"
ROW_FAULTS = ("malformed", "missing_", "bad_")
# Limits of the validator alone: the job can live with such lines where their fields are in order.
STRICTER = {Code.NUMBER_OUT_OF_RANGE, Code.TOO_DEEP, Code.LINE_TOO_LONG}
# The job does not look for keys that stand twice inside of a field that it ignores.
STRICTER_FILE = "duplicate_key-nested.json"
# The job refuses a dataset without one good row.
GOOD = {
    "users": b'{"user_id":1,"signed_up_at":"2026-01-01T08:00:00Z"}',
    "events": b'{"event_id":"","user_id":1,"event_type":"search","occurred_at":"2026-01-01T08:00"}',
    "orders": b'{"order_id":"o","user_id":1,"ordered_at":"2026-01-01T08:00:00Z","status":"paid"}',
}


def fault(contract: Contract, dataset: str, line: bytes) -> str | None:
    """What the validator says of one line, in the job's words; None for a good one."""
    verdict = full.streamed(replace(contract, max_rejected_ratio=0), dataset, [line + b"\n"])
    if not isinstance(verdict, Rejected) or verdict.code is Code.EMPTY:
        return None
    (reason,) = verdict.totals
    return reason if reason.startswith(ROW_FAULTS) else "malformed"


def is_stricter(contract: Contract, dataset: str, line: bytes) -> bool:
    """Whether only the validator's own limits speak against a line."""
    verdict = full.streamed(contract, dataset, [line + b"\n"])
    return isinstance(verdict, Rejected) and verdict.code in STRICTER


def job_faults(
    spark: SparkSession, contract: Contract, lines: dict[str, list[bytes]]
) -> dict[str, Counter[tuple[str, bytes]]]:
    """The lines that the job sets aside for what they are, with its reason, by dataset."""
    with TemporaryDirectory() as folder:
        uris = batches.write(Path(folder), lines)
        produced = batches.run(spark, contract, uris, Path(folder))
    return {
        name: Counter((why, ascii_of(line)) for why, line in rows if why.startswith(ROW_FAULTS))
        for name, rows in produced.rejected.items()
    }


def agree(spark: SparkSession, contract: Contract, lines: dict[str, list[bytes]]) -> None:
    kept = {
        name: [line for line in rows if not is_stricter(contract, name, line)]
        for name, rows in lines.items()
    }
    found = job_faults(spark, contract, kept)
    for name, rows in kept.items():
        said = ((fault(contract, name, line), line) for line in rows)
        expected = Counter((reason, ascii_of(line)) for reason, line in said if reason)
        assert found[name] == expected, name


def ascii_of(line: bytes) -> bytes:
    """What is the same in a line and in the text that quarantine keeps of it."""
    return bytes(byte for byte in line if byte < 128)


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
@given(many=st.lists(strategies.batches, min_size=8, max_size=8))
def test_both_find_the_same_faults_in_made_lines(
    spark: SparkSession, contract: Contract, many: list[dict[str, list[bytes]]]
) -> None:
    lines = {name: [line for batch in many for line in batch[name]] for name in strategies.TOKENS}
    agree(spark, contract, lines)


def test_both_find_the_same_faults_in_the_corpus(spark: SparkSession, contract: Contract) -> None:
    paths = [path for path in sorted(CORPUS.glob("*.json")) if path.name != STRICTER_FILE]
    lines = [line for path in paths for line in path.read_bytes().split(b"\n")]
    agree(spark, contract, {name: [*lines, good] for name, good in GOOD.items()})
