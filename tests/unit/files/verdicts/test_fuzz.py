"""A slice of `python -m tests.fuzz_validator`, which is for longer runs."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.fuzz_validator import ROOT


def test_arbitrary_inputs_get_the_same_verdict_in_both_depths_and_little_memory() -> None:
    command = [sys.executable, "-m", "tests.fuzz_validator", "--inputs", "2000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["inputs"] == 2000
    assert figures["peak_memory_mib"] - figures["memory_before_mib"] < 16
    assert figures["verdicts"]["accepted"] > 100
