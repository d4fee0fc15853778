"""What the validator in full depth calls good, the job reads without fault, and the reverse."""

from __future__ import annotations

from collections import Counter

from lakegate.contract import Contract
from tests.spark import validator
from tests.spark.conftest import Dirty


def test_both_find_the_same_faults(contract: Contract, dirty: Dirty) -> None:
    """In made lines and in those of the validator's own corpus."""
    for name, lines in dirty.lines.items():
        said = {line: validator.judged(contract, name, line) for line in set(lines)}
        stricter = {as_kept(line) for line, (_, is_stricter) in said.items() if is_stricter}
        faults = ((said[line][0], as_kept(line)) for line in lines)
        expected = Counter((why, line) for why, line in faults if why and line not in stricter)
        found = Counter(
            (why, as_kept(line))
            for why, line in dirty.produced.rejected[name]
            if why.startswith(validator.ROW_FAULTS) and as_kept(line) not in stricter
        )
        assert len(expected) > 50
        assert found - expected == expected - found == Counter(), (name, dirty.again)


def as_kept(line: bytes) -> bytes:
    """What is the same in a line and in the text that quarantine keeps of it."""
    return bytes(byte for byte in line if byte < 128)
