"""The folder of a run: its own, gone at the end, and what was left by the dead goes first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from duckdb_engine.scratch import PREFIX, room

HOLDS = (
    "import sys, time, pathlib\n"
    "from duckdb_engine.scratch import room\n"
    "with room(pathlib.Path(sys.argv[1]), 'other') as folder:\n"
    "    (folder / 'x').write_text('x')\n"
    "    print(folder, flush=True)\n"
    "    time.sleep(60)\n"
)


def test_it_is_there_within_and_gone_after(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="trouble"), room(tmp_path, "r") as folder:
        (folder / "x").write_text("x")
        raise ValueError("trouble")
    assert not list(tmp_path.iterdir())


def test_what_a_dead_run_left_goes_and_what_a_live_one_has_stays(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}dead" / "spill").mkdir(parents=True)
    (tmp_path / "something-else").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": "src"},
    )
    assert process.stdout is not None
    other = Path(process.stdout.readline().strip())
    try:
        with room(tmp_path, "mine"):
            assert (other / "x").exists()
            assert sorted(path.name for path in tmp_path.iterdir()) == [
                f"{PREFIX}mine",
                f"{PREFIX}other",
                "something-else",
            ]
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert other.exists()
    with room(tmp_path, "next"):
        assert not other.exists()


def test_runs_that_begin_at_once_leave_one_another_their_folders(tmp_path: Path) -> None:
    def begin(number: int) -> bool:
        with room(tmp_path, f"r{number}") as folder:
            return folder.is_dir() and not (folder / "run").exists()

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(begin, range(2000)))
    assert not list(tmp_path.iterdir())
