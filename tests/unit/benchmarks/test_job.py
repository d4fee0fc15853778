"""The memory of a contestant is that of its processes, each counted once."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.job import lasting, resident


def test_the_processes_of_a_session_are_found() -> None:
    command = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout and process.stdout.readline()
        found = resident(process.pid)
        process.communicate(b"\n")
    assert found[str(process.pid)] > 1
    assert str(os.getpid()) not in found


def test_a_process_that_was_just_forked_does_not_count_its_parent_again() -> None:
    assert lasting({"1": 4096.0, "2": 4096.0}, {"1"}) == 4096.0
    assert lasting({"1": 4096.0, "2": 60.0}, {"1", "2"}) == 4156.0
