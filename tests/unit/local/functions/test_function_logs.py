"""Functions log here as on AWS: one JSON object a line, from INFO on, with their own fields."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from local.places import ROOT

PROGRAM = """
import logging
log = logging.getLogger("lambda_validator")
log.info("file accepted", extra={"batch": "b", "size": 7})
try:
    1 / 0
except ZeroDivisionError:
    log.exception("trouble")
"""


def run(folder: Path, name: str) -> list[str]:
    """What the program writes when it runs under that name."""
    program = folder / name
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, str(program)],
        env={"PYTHONPATH": str(ROOT / "local" / "functions")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.splitlines()


def test_a_function_logs_json(tmp_path: Path) -> None:
    first, second = map(json.loads, run(tmp_path, "_worker.py"))
    assert {name: first[name] for name in ("level", "message", "logger", "batch", "size")} == {
        "level": "INFO",
        "message": "file accepted",
        "logger": "lambda_validator",
        "batch": "b",
        "size": 7,
    }
    assert second["level"] == "ERROR"
    assert second["stackTrace"][-1] == "ZeroDivisionError: division by zero"


def test_other_processes_are_left_alone(tmp_path: Path) -> None:
    assert run(tmp_path, "other.py")[0] == "trouble"
