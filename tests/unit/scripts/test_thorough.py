"""The long proofs: each ends in a state, within its time, and the night runs all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts import thorough
from scripts.thorough import Part

ROOT = Path(__file__).parents[3]
SLEEPS = "import time; print('on', flush=True); time.sleep(60)"


@pytest.mark.parametrize(
    ("code", "minutes", "state", "last"),
    [
        ("print('a'); print('3 passed')", 1, "passed", "3 passed"),
        ("print('1 failed'); raise SystemExit(3)", 1, "failed (3)", "1 failed"),
        (
            SLEEPS,
            0.02,
            "out of its 0.02 minutes",
            "on",
        ),
    ],
)
def test_how_a_part_ends(code: str, minutes: float, state: str, last: str) -> None:
    ended = thorough.run(Part("p", "shows", (sys.executable, "-c", code), minutes))
    assert (ended.state, ended.last) == (state, last)
    assert ended.seconds < 20
    assert f"| p | shows | {state} |" in thorough.report([ended])


def test_what_is_ended_from_outside_leaves_no_part_behind(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    part = f"import os, pathlib; pathlib.Path({str(told)!r}).write_text(str(os.getpid())); {SLEEPS}"
    code = (
        "from scripts import thorough\n"
        f"thorough.PARTS = (thorough.Part('p', 's', ({sys.executable!r}, '-c', {part!r}), 1),)\n"
        "thorough.REPORT = thorough.Path('unused')\n"
        "thorough.main(None)\n"
    )
    with subprocess.Popen((sys.executable, "-c", code), cwd=ROOT, stdout=subprocess.PIPE) as whole:
        assert whole.stdout is not None
        while b"on" not in whole.stdout.readline().split():
            pass
        whole.terminate()
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


def test_the_night_runs_every_part_and_leaves_time_to_set_up() -> None:
    nightly = yaml.safe_load((ROOT / ".github/workflows/nightly.yml").read_text())
    job = nightly["jobs"]["thorough"]
    assert job["strategy"]["matrix"]["part"] == [part.name for part in thorough.PARTS]
    assert all(part.minutes < job["timeout-minutes"] for part in thorough.PARTS)


def test_what_is_run_is_there() -> None:
    for part in thorough.PARTS:
        for word in part.command:
            if word.startswith(("tests/", "scripts/", "requirements/")):
                assert (ROOT / word).exists(), word
