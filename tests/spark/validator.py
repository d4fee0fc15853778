"""What the validator in full depth says of single lines, in the job's words."""

from __future__ import annotations

from pathlib import Path

from lakegate.contract import Contract
from lakegate.files.reasons import Code
from lakegate.files.verdict import Rejected
from lakegate.files.verdicts import full
from lakegate.files.verdicts.tally import File

CORPUS = Path(__file__).parents[2] / "data" / "invalid"
ROW_FAULTS = ("malformed", "missing_", "bad_")
# Limits of the validator alone: the job can live with such lines where their fields are in order.
STRICTER = {Code.TOO_DEEP, Code.LINE_TOO_LONG}


def judged(contract: Contract, dataset: str, line: bytes) -> tuple[str | None, bool]:
    """What is wrong with a line, None for a good one; and whether only the validator's own limits
    speak against it."""
    verdict = full.streamed(File(contract, dataset), len(line) + 1, [line + b"\n"])
    if not isinstance(verdict, Rejected) or verdict.code is Code.EMPTY:
        return None, False
    (reason,) = verdict.totals
    fault = reason if reason.startswith(ROW_FAULTS) else "malformed"
    return fault, verdict.code in STRICTER


def corpus(contract: Contract) -> dict[str, list[bytes]]:
    """The lines of all files that it refuses, as lines of each dataset."""
    paths = sorted(CORPUS.glob("*.json"))
    lines = [line for path in paths for line in path.read_bytes().split(b"\n")]
    return {
        name: [line for line in lines if not judged(contract, name, line)[1]]
        for name in contract.read
    }
