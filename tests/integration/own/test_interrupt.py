"""Ctrl-C leaves no process behind, in whichever phase it comes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.backends.ports import free_port
from local.places import ROOT

pytestmark = pytest.mark.stack

PATIENCE_SECONDS = 240


def processes_of(folder: Path) -> list[str]:
    """Command lines that name the folder of a stack."""
    shown = subprocess.run(
        ["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in shown.splitlines() if str(folder) in line and "ps -A" not in line]


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Children of what ignores Ctrl-C ignore it, too, as those of a script in the background do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("phase", ["local.emulator.server", " apply "])
def test_an_interrupt_leaves_nothing_running(phase: str, tmp_path: Path) -> None:
    """`phase` is a word of the command line of a process that `up` has started."""
    folder = tmp_path / "stack"
    command = [sys.executable, "-m", "local", "up", "--backend", "embedded"]
    process = subprocess.Popen(
        [*command, "--state", str(folder), "--port", str(free_port())],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not any(phase in line for line in processes_of(folder)):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGINT)
    shown, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130, shown
    assert "everything that was started has been stopped" in shown
    until = time.monotonic() + 10
    while processes_of(folder) and time.monotonic() < until:
        time.sleep(0.2)
    assert processes_of(folder) == []
